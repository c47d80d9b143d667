package org.medbackup.app.postgresql;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Asks every few seconds whether the session that holds the backup still lives and the server is still the same primary.
 * Without it a lost session would show only after hours of copying, when the backup is to be stopped.
 */
final class Heartbeat implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** A busy server may be slow; a dead session is told at once. */
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Holder holder;
    private final Session monitor;
    private final Cluster.State expected;
    private final TimeSource time;
    private final Thread thread;
    private volatile @Nullable BackupException lost;
    private volatile boolean over;

    private Heartbeat(Holder holder, Session monitor, Cluster.State expected, TimeSource time) {
        this.holder = holder;
        this.monitor = monitor;
        this.expected = expected;
        this.time = time;
        this.thread = Thread.ofPlatform().daemon().name("medbackup-heartbeat").unstarted(this::beat);
    }

    static Heartbeat start(Holder holder, Session monitor, Cluster.State expected, TimeSource time) {
        var heartbeat = new Heartbeat(holder, monitor, expected, time);
        heartbeat.thread.start();
        return heartbeat;
    }

    private void beat() {
        while (!over && lost == null) {
            ask();
            try {
                time.sleep(INTERVAL);
            } catch (BackupException closed) {
                return;
            }
        }
    }

    /** Asks now. */
    void ask() {
        try {
            Deadline deadline = Deadline.after(time, ANSWER);
            boolean same = holder.isSame(deadline);
            Cluster.State now = new ClusterQuery(monitor, deadline).state();
            if (!same) {
                lost = lost("the session that holds the backup is another one", null);
            } else if (!now.equals(expected)) {
                lost = lost(
                        now.inRecovery() ? "the server has become a standby" : "the server's timeline has changed",
                        null);
            }
        } catch (BackupException failed) {
            lost = lost("the session that holds the backup does not answer", failed);
        }
    }

    private static BackupException lost(String why, @Nullable BackupException cause) {
        return ErrorCode.APPLICATION_STATE_LOST.because(why, cause);
    }

    /**
     * Fails as soon as it is known that the backup is lost.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_STATE_LOST}
     */
    void requireAlive() {
        BackupException known = lost;
        if (known != null) {
            throw known;
        }
    }

    /** Stops asking, and asks a last time: what is copied counts only if the backup still holds. */
    void finish() {
        close();
        ask();
        requireAlive();
    }

    /** Stops asking, after waiting for the question in hand. */
    @Override
    public void close() {
        over = true;
        thread.interrupt();
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
