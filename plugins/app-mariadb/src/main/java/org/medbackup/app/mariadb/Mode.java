package org.medbackup.app.mariadb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/** How a server is backed up. */
enum Mode {
    /** {@code mariadb-backup} reads the files and follows the redo log; commits wait for a moment at its end. */
    STREAM("stream"),
    /** Commits wait while a snapshot is taken, and the copy is made from that. */
    STAGE("stage");

    private final String label;

    Mode(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /**
     * What the configuration says.
     *
     * @param mode null for the best that is possible
     * @param scratch where files wait
     */
    record Wish(@Nullable Mode mode, Path scratch) {

        /** @throws org.medbackup.core.error.UsageException with {@link ErrorCode#USAGE} for a mode that is none */
        static Wish of(Connection connection) {
            Path scratch = Path.of(connection.option("scratch", System.getProperty("java.io.tmpdir")));
            return switch (connection.option("mode", "")) {
                case "" -> new Wish(null, scratch);
                case "stream" -> new Wish(STREAM, scratch);
                case "stage" -> new Wish(STAGE, scratch);
                default -> throw ErrorCode.USAGE.because("the option mode is stream or stage");
            };
        }

        /** The mode that it comes to on this machine. */
        Mode resolved() {
            return mode != null ? mode : Tools.find(Tools.BACKUP) == null ? STAGE : STREAM;
        }
    }
}
