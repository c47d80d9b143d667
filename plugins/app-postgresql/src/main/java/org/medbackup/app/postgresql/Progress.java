package org.medbackup.app.postgresql;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.app.postgresql.log.BaseBackup;
import org.medbackup.app.postgresql.log.HandedOver;
import org.medbackup.app.postgresql.recovery.Sha256;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.ConsistencyLevel;

/** What a backup has reached, for its manifest. */
final class Progress {

    /** Pages that the checkpoint of the start had to write: what the time added depends on. */
    private static final String DIRTY = "dirty_buffers";

    private Progress() {}

    /**
     * The backup was started.
     *
     * @param written pages that checkpoints had written before
     * @param dirty pages that the start's own checkpoint had to write; -1 where that is not known
     */
    record Started(Lsn lsn, Instant time, Duration took, long written, long dirty) {}

    /**
     * All was handed over.
     *
     * @param segments the log that a restore needs
     * @param configuration configuration files outside the data directory that were handed over too
     * @param changed what had changed since the restore point before
     * @param written pages that checkpoints had written until then
     */
    record Copied(
            BackupEnd end,
            Instant time,
            Duration took,
            WalSegments segments,
            InFlight inFlight,
            List<Path> configuration,
            ChangedPages changed,
            long written) {

        /** The same after the files of a snapshot were handed over. */
        Copied with(List<Path> files, ChangedPages pages) {
            return new Copied(end, time, took, segments, inFlight, files, pages, written);
        }
    }

    static Consistency consistency(Cluster cluster, Started started, Copied copied, String invariant) {
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("start_lsn", started.lsn().toString());
        evidence.put("start_time", started.time().toString());
        evidence.put("start_seconds", seconds(started.took()));
        if (started.dirty() >= 0) {
            evidence.put(DIRTY, Long.toString(started.dirty()));
        }
        evidence.put("checkpoint_pages", Long.toString(Math.max(0, copied.written() - started.written())));
        evidence.put("stop_lsn", copied.end().lsn().toString());
        evidence.put("stop_time", copied.time().toString());
        evidence.put("stop_seconds", seconds(copied.took()));
        evidence.put("timeline", Integer.toString(cluster.state().timeline()));
        Path data = cluster.dataDirectory();
        if (data != null) {
            evidence.put(
                    BaseBackup.DIGEST,
                    HandedOver.digestBelow(data, cluster.state().timeline()));
        }
        WalSegments segments = copied.segments();
        evidence.put("wal_first", segments.name(segments.first()));
        evidence.put("wal_last", segments.name(segments.last()));
        evidence.put("wal_segments", Long.toString(segments.count()));
        evidence.put("label_sha256", Sha256.of(copied.end().label()));
        evidence.put(
                "configuration",
                copied.configuration().stream().map(Path::toString).collect(Collectors.joining(":")));
        copied.inFlight().putInto(evidence);
        copied.changed().putInto(evidence);
        if (!invariant.isBlank()) {
            evidence.put("invariant", invariant);
        }
        return new Consistency(
                ConsistencyLevel.APPLICATION_CONSISTENT,
                copied.end().lsn().toString(),
                started.took().plus(copied.took()),
                evidence);
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1000.0);
    }
}
