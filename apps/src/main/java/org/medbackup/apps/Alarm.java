package org.medbackup.apps;

import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;

/**
 * Does something at a point in time, on a thread of its own, unless it is closed before. Closing also wakes an action that
 * waits.
 *
 * <p>A platform thread: it has to run even when every carrier of virtual threads is stuck in a call of an application.
 */
final class Alarm implements AutoCloseable {

    private final Thread thread;

    private Alarm(Thread thread) {
        this.thread = thread;
    }

    static Alarm at(Deadline point, TimeSource time, Runnable action) {
        return new Alarm(Thread.ofPlatform().daemon().name("medbackup-alarm").start(() -> {
            try {
                time.sleep(point.remaining());
                // One that woke, or began, only after it was closed has nothing to wait for and hears of it here.
                if (!Thread.interrupted()) {
                    action.run();
                }
            } catch (BackupException closed) {
                // Only an interrupt ends the wait early, and only close() interrupts.
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
