package org.medbackup.app.mongodb;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Keeps backup cursors alive while their files are copied, and learns early that one is lost: what was copied after that is
 * worth nothing.
 */
final class Heartbeat implements AutoCloseable {

    /** A busy server may be slow. */
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final List<BackupCursor> cursors;
    private final TimeSource time;
    private final Thread thread;
    private volatile @Nullable BackupException lost;
    private volatile boolean over;

    private Heartbeat(List<BackupCursor> cursors, TimeSource time) {
        this.cursors = List.copyOf(cursors);
        this.time = time;
        this.thread =
                Thread.ofPlatform().daemon().name("medbackup-backup-cursor").unstarted(this::keep);
    }

    static Heartbeat start(List<BackupCursor> cursors, TimeSource time) {
        var heartbeat = new Heartbeat(cursors, time);
        heartbeat.thread.start();
        return heartbeat;
    }

    private void keep() {
        while (!over && lost == null) {
            try {
                time.sleep(BackupCursor.HEARTBEAT);
            } catch (BackupException closed) {
                return;
            }
            beat();
        }
    }

    private synchronized void beat() {
        if (over) {
            return;
        }
        try {
            for (BackupCursor each : cursors) {
                each.beat(Deadline.after(time, ANSWER));
            }
        } catch (BackupException failed) {
            lost = failed.code() == ErrorCode.APPLICATION_STATE_LOST
                    ? failed
                    : ErrorCode.APPLICATION_STATE_LOST.because("the backup cursor does not answer", failed);
        } catch (RuntimeException | Error unforeseen) {
            // Nobody else sees it, and a heartbeat that stopped silently would lose the copy at its end.
            lost = ErrorCode.APPLICATION_STATE_LOST.because("the heartbeat failed unforeseen", unforeseen);
        }
    }

    /**
     * Fails as soon as it is known that a cursor is lost.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_STATE_LOST}
     */
    void requireAlive() {
        BackupException known = lost;
        if (known != null) {
            throw known;
        }
    }

    /** Asks now, and fails where a cursor is lost. */
    void ask() {
        beat();
        requireAlive();
    }

    /** Stops asking, and asks a last time. */
    void finish() {
        close();
        over = false;
        ask();
    }

    /** Stops asking, after waiting for the question in hand. */
    @Override
    public void close() {
        synchronized (this) {
            // Never in the middle of a question: an interrupt would cut the connection that owns the cursor.
            over = true;
            thread.interrupt();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
