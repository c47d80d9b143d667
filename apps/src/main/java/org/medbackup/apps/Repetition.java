package org.medbackup.apps;

import java.time.Duration;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;

/**
 * Repeats a backup once that was lost to a change of roles: {@link ErrorCode#APPLICATION_STATE_LOST}, after a promotion, a
 * failover or a restart. Where the application cannot be reached at first, which is what a failover looks like, it is asked
 * again with growing pauses until the budget is used up. Every other failure ends it, also a second loss: a server that
 * changes its role twice has something wrong that a third attempt would hide.
 *
 * <p>Immutable; each run may have its own thread.
 *
 * @param time clocks
 * @param log hears of the loss
 * @param budget how long after a loss the repetition may begin
 */
public record Repetition(TimeSource time, OperationLog log, Duration budget) {

    private static final Duration USUAL = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** With two minutes, in which managers of clusters have long chosen a new primary. */
    public static Repetition of(TimeSource time, OperationLog log) {
        return new Repetition(time, log, USUAL);
    }

    /**
     * One attempt at a backup, from the beginning: its own connections and its own restore point.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Attempt<T> {

        /**
         * Backs up.
         *
         * @param number 1 for the first
         */
        T run(int number);
    }

    /**
     * Runs the first attempt and, if that is lost, the second.
     *
     * @throws BackupException of the last attempt; the loss before it is suppressed in it
     */
    public <T> T run(Attempt<T> attempt) {
        try {
            return attempt.run(1);
        } catch (BackupException lost) {
            if (lost.code() != ErrorCode.APPLICATION_STATE_LOST) {
                throw lost;
            }
            log.found(ErrorCode.APPLICATION_STATE_LOST, Facts.of("attempt", 1));
            try {
                return again(attempt);
            } catch (BackupException failed) {
                failed.addSuppressed(lost);
                throw failed;
            }
        }
    }

    private <T> T again(Attempt<T> attempt) {
        long lostAt = time.nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            time.sleep(pause);
            try {
                return attempt.run(2);
            } catch (UnavailableException notYet) {
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                if (time.since(lostAt).plus(pause).compareTo(budget) >= 0) {
                    throw notYet;
                }
            }
        }
    }
}
