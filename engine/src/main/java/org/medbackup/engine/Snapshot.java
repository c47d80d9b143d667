package org.medbackup.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.engine.internal.archive.LogCatalogue;

/**
 * A restore point.
 *
 * @param id 32 hexadecimal digits
 * @param time when it was committed
 * @param started when the work on it began
 * @param source name of what was backed up
 * @param host on which it was made
 * @param paths that were backed up, absolute, as text
 * @param tags given by the caller
 * @param parent id of the restore point that unchanged files were taken from, empty where there was none
 * @param files count of regular files
 * @param bytes of all files
 * @param consistency how much it promises
 * @param evidence why, from the application; without secrets
 * @param policy SHA-256 of the policy that was in force
 * @param tool that made it
 * @param errors how many entries could not be read as they should
 * @param audit where the audit trail stood: entries and root hash; empty hash where there was none
 * @param writer id of the key that signed it, 16 hexadecimal digits
 * @param signs what was measured of its source, empty where nothing was
 */
public record Snapshot(
        String id,
        Instant time,
        Instant started,
        String source,
        String host,
        List<String> paths,
        SortedMap<String, String> tags,
        String parent,
        long files,
        long bytes,
        ConsistencyLevel consistency,
        SortedMap<String, String> evidence,
        String policy,
        String tool,
        long errors,
        AuditAnchor audit,
        String writer,
        Optional<SourceSigns> signs) {

    /** Evidence of how sensitive the data is, by the policy that placed it: a word of that policy. */
    public static final String DATA_CLASS = "medbackup.class";

    /** Evidence of a restore point that holds what belongs to the product on a host: of which version its form is. */
    public static final String SITE = "medbackup.site";

    public Snapshot {
        paths = List.copyOf(paths);
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        evidence = Collections.unmodifiableSortedMap(new TreeMap<>(evidence));
    }

    /** How sensitive the data is, by the policy that placed it; {@code unknown} where nobody has said. */
    public String dataClass() {
        return evidence().getOrDefault(DATA_CLASS, "unknown");
    }

    /**
     * Whether it holds log files of an application: such a restore point is no state of anything by itself, and is kept as
     * long as a backup needs it, whatever the rules of retention say.
     */
    public boolean holdsLog() {
        return evidence.containsKey(LogCatalogue.FORMAT);
    }

    /**
     * Whether it holds what belongs to the product on a host: configuration, catalogue, audit trail. Such a restore point is no
     * state of what is backed up: {@code latest} does not mean it, and it has no retention class.
     */
    public boolean isOfSite() {
        return evidence.containsKey(SITE);
    }

    /** The log files it holds, in the order in which they were stored; empty where it {@linkplain #holdsLog holds none}. */
    public List<LogArchive.LogEntry> logFiles() {
        return LogCatalogue.decode(evidence, time);
    }

    /** The beginning of the id that people use. */
    public String shortId() {
        return id.substring(0, 8);
    }

    /**
     * Where the audit trail stood when a restore point was committed.
     *
     * @param entries in the trail
     * @param root its Merkle root, 64 hexadecimal digits, or empty
     */
    public record AuditAnchor(long entries, String root) {

        /** No trail. */
        public static final AuditAnchor NONE = new AuditAnchor(0, "");
    }
}
