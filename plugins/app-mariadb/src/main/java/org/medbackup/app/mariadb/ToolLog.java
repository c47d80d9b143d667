package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * What {@code mariadb-backup} says while it works. Followed on a thread of its own, because the tool says to the second only
 * when it did what; the reading here is exact to a fiftieth of a second.
 */
final class ToolLog implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(20);
    private static final String HELD = "BACKUP STAGE BLOCK_COMMIT";
    private static final String RELEASED = "All tables unlocked";
    private static final String DONE = "completed OK!";

    /** What the tool's words mean; the words themselves may name tables and go nowhere. */
    private static final List<Sign> SIGNS = List.of(
            new Sign("No space left|errno: 28|Errcode: 28", ErrorCode.NO_SPACE, "no space is left for mariadb-backup"),
            new Sign(
                    "missing required privilege|Access denied; you need",
                    ErrorCode.APPLICATION_NOT_READY,
                    "the account lacks a privilege"),
            new Sign(
                    "Failed to connect|Access denied for user",
                    ErrorCode.APPLICATION_UNREACHABLE,
                    "mariadb-backup could not connect"),
            new Sign(
                    "gone away|Lost connection|Connection was killed|Server shutdown|Can't connect",
                    ErrorCode.APPLICATION_STATE_LOST,
                    "mariadb-backup lost its connection to the server"),
            new Sign(
                    "log block|redo log.*overwritten|only able to copy log",
                    ErrorCode.APPLICATION_FAILED,
                    "the redo log was written over before it was copied; raise innodb_log_file_size"));

    private record Sign(Pattern words, ErrorCode code, String meaning) {

        Sign(String words, ErrorCode code, String meaning) {
            this(Pattern.compile(words), code, meaning);
        }
    }

    private final Path file;
    private final TimeSource time;
    private final Thread thread;
    private volatile long held;
    private volatile long released;

    private ToolLog(Path file, TimeSource time) {
        this.file = file;
        this.time = time;
        this.thread = Thread.ofVirtual().name("medbackup-mariadb-log").unstarted(this::follow);
    }

    static ToolLog follow(Path file, TimeSource time) {
        var log = new ToolLog(file, time);
        log.thread.start();
        return log;
    }

    private void follow() {
        try {
            while (released == 0) {
                time.sleep(STEP);
                look();
            }
        } catch (BackupException closed) {
            return;
        }
    }

    private void look() {
        String said = text();
        long now = time.nanos();
        if (held == 0 && said.contains(HELD)) {
            // It may have been a step ago.
            held = now - STEP.toNanos();
        }
        if (held != 0 && released == 0 && said.contains(RELEASED)) {
            released = now;
        }
    }

    private String text() {
        try {
            return Files.exists(file) ? Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1) : "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** How long the tool has held the server's commits; an upper bound. */
    Duration heldCommits() {
        look();
        return held == 0 ? Duration.ZERO : Duration.ofNanos((released == 0 ? time.nanos() : released) - held);
    }

    boolean saysDone() {
        return text().contains(DONE);
    }

    /** Why the tool failed. */
    BackupException failure() {
        String said = text();
        for (Sign sign : SIGNS) {
            if (sign.words().matcher(said).find()) {
                return sign.code().because(sign.meaning());
            }
        }
        return ErrorCode.APPLICATION_FAILED.because("mariadb-backup failed");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
