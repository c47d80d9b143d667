package org.medbackup.engine.internal.backup;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.Exclusions;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.engine.internal.tree.Sums;

/**
 * The signs of ransomware that one backup comes upon. It counts, and neither judges nor fails. Used by the thread of the walk
 * only.
 */
final class ContentSigns {

    /** So many different ends of names are counted. */
    private static final int ENDS = 256;

    private final Set<PathBytes> canaries;
    private final Exclusions encrypted;
    private final Map<String, Long> strange = new HashMap<>();
    private long deleted;
    private long renamed;
    private long looked;
    private long random;
    private long swept;
    private long sweptBytes;
    private long touched;
    private boolean compared;

    ContentSigns(BackupRequest.Watched watched) {
        this.canaries = watched.canaries().stream().map(PathBytes::trimmed).collect(Collectors.toUnmodifiableSet());
        this.encrypted = new Exclusions(watched.encrypted());
    }

    /** There is a run before to compare with. */
    void compared() {
        compared = true;
    }

    /** An entry of the last run that is not there any more. */
    void deleted(CacheRecord.Entry entry) {
        if (entry.type() == NodeType.FILE) {
            deleted++;
            touched += canaries.contains(entry.path()) ? 1 : 0;
        }
    }

    /** A small file was read. */
    void small(PathBytes path, Past past, FileKind now, long size) {
        file(path, past, now, size, size, now == FileKind.RANDOM ? size : 0);
    }

    /** A large file was read. */
    void large(PathBytes path, Past past, LargeLook look) {
        file(path, past, look.kind(), look.looked(), look.looked(), look.random());
    }

    private void file(PathBytes path, Past past, FileKind now, long size, long seen, long randomly) {
        touched += past.isKnown() && canaries.contains(path) ? 1 : 0;
        renamed += past.isRenamed() ? 1 : 0;
        looked += seen;
        if (now.isOrdinary() && randomly == 0 || !encrypted.isEmpty() && encrypted.exclude(path)) {
            return;
        }
        random += randomly;
        boolean knownBefore = past.kind() != FileKind.UNKNOWN;
        if (knownBefore && past.kind().isLostIn(now) || !knownBefore && isPromisedAndLost(path, now)) {
            swept++;
            sweptBytes += size;
        } else if (!past.isKnown() && now == FileKind.RANDOM) {
            String end = FileKind.extension(name(path));
            if (strange.size() < ENDS || strange.containsKey(end)) {
                strange.merge(end, 1L, Long::sum);
            }
        }
    }

    /** Of what was not known before the name tells; what is random in parts may be of a format that is not known here. */
    private static boolean isPromisedAndLost(PathBytes path, FileKind now) {
        return now == FileKind.RANDOM
                && FileKind.promisedBy(name(path))
                        .filter(promised -> promised.isLostIn(now))
                        .isPresent();
    }

    private static String name(PathBytes path) {
        return new String(path.bytes(), StandardCharsets.UTF_8);
    }

    /** All of it, at the end of a backup. */
    SourceSigns counted(BackupCounters counters, Sums sums) {
        return new SourceSigns(
                sums.files(),
                sums.bytes(),
                counters.newFiles.sum(),
                counters.changedFiles.sum(),
                deleted,
                renamed,
                counters.readBytes.sum(),
                counters.addedBytes.sum(),
                counters.storedBytes.sum(),
                looked,
                random,
                swept,
                sweptBytes,
                strange.values().stream().mapToLong(Long::longValue).max().orElse(0),
                touched,
                compared);
    }
}
