package org.medbackup.app.postgresql.log;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.spi.app.ApplicationLog.Base;

/**
 * A base backup, as its evidence tells it.
 *
 * @param start where its log begins
 * @param end where it is consistent
 * @param ended when that was
 * @param digest of its timeline's history; empty for the first timeline, or where the backup does not tell
 */
public record BaseBackup(
        String id, String system, int timeline, String digest, int segmentSize, Lsn start, Lsn end, Instant ended) {

    /** By this name a backup's evidence tells which history its timeline has. */
    public static final String DIGEST = "timeline_history";

    /** Null for a restore point that does not tell what a recovery must know. */
    static @Nullable BaseBackup of(Base base) {
        Map<String, String> evidence = base.evidence();
        try {
            return new BaseBackup(
                    base.id(),
                    required(evidence, "system_identifier"),
                    Integer.parseInt(required(evidence, "timeline")),
                    evidence.getOrDefault(DIGEST, ""),
                    Integer.parseInt(required(evidence, "wal_segment_size")),
                    Lsn.parse(required(evidence, "start_lsn")),
                    Lsn.parse(required(evidence, "stop_lsn")),
                    Instant.parse(required(evidence, "stop_time")));
        } catch (IllegalArgumentException | java.time.format.DateTimeParseException untold) {
            return null;
        }
    }

    private static String required(Map<String, String> evidence, String name) {
        String value = evidence.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the backup does not tell its " + name);
        }
        return value;
    }

    /** The number of the segment that the backup's log ends in. */
    long lastSegment() {
        return (end.value() - 1) / segmentSize;
    }

    long firstSegment() {
        return start.value() / segmentSize;
    }
}
