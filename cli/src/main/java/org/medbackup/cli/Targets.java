package org.medbackup.cli;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.RecoveryTarget;
import picocli.CommandLine.Option;

/** The options that say how far a recovery goes. */
final class Targets {

    @Option(
            names = "--to-time",
            paramLabel = "T",
            description = "Recovers what was committed at or before this time, such as 2026-03-01T08:15:00Z.")
    @Nullable
    String time;

    @Option(names = "--to-lsn", paramLabel = "L", description = "Recovers what lies before this position of the log.")
    @Nullable
    String position;

    @Option(names = "--to-name", paramLabel = "N", description = "Recovers to a restore point that the server named.")
    @Nullable
    String name;

    @Option(names = "--to-newest", description = "Recovers as far as the archived log goes.")
    boolean newest;

    @Option(
            names = "--timeline",
            paramLabel = "T",
            description = "Along this timeline (default: the newest that leads on from the backup).")
    String timeline = "";

    @Option(
            names = "--tablespace-map",
            paramLabel = "OLD=NEW",
            description = "Restores a tablespace to a folder of its own; may be given again.")
    Map<Path, Path> moved = new LinkedHashMap<>();

    /** How far; to the end of the backup where nothing is said. */
    RecoveryTarget target() {
        List<RecoveryTarget> said = new ArrayList<>();
        if (time != null) {
            said.add(new RecoveryTarget.AtTime(instant(time)));
        }
        if (position != null) {
            said.add(new RecoveryTarget.AtPosition(position));
        }
        if (name != null) {
            said.add(new RecoveryTarget.AtName(name));
        }
        if (newest) {
            said.add(new RecoveryTarget.Newest());
        }
        if (said.size() > 1) {
            throw ErrorCode.USAGE.because("--to-time, --to-lsn, --to-name and --to-newest exclude each other");
        }
        if (said.isEmpty()) {
            return timeline.isEmpty() ? new RecoveryTarget.BackupEnd() : new RecoveryTarget.Newest();
        }
        return said.getFirst();
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw ErrorCode.USAGE.because("--to-time takes a time with its zone, such as 2026-03-01T08:15:00Z");
        }
    }
}
