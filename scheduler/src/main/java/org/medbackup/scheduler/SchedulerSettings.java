package org.medbackup.scheduler;

import java.time.Duration;
import org.medbackup.core.error.ErrorCode;

/**
 * How one worker works. Immutable.
 *
 * @param worker its name; another one for each process of a cluster makes its messages clear
 * @param host on which it runs; jobs that are pinned to this host run here
 * @param slots how many runs it does at once; none for a process that only plans
 * @param poll how often it looks
 * @param lease for how long a run stays its own without a sign of life; a third of it lies between two signs
 * @param drain how long it waits for its runs when it closes
 * @param horizon how far ahead it looks for objectives that will be missed; zero for not at all
 * @param seed of the jitter, the same on all workers
 */
public record SchedulerSettings(
        String worker,
        String host,
        int slots,
        Duration poll,
        Duration lease,
        Duration drain,
        Duration horizon,
        long seed) {

    /** @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CONFIGURATION_INVALID} */
    public SchedulerSettings {
        if (worker.isBlank() || host.isBlank()) {
            throw ErrorCode.CONFIGURATION_INVALID.because("a worker has a name and a host");
        }
        if (slots < 0 || !poll.isPositive() || drain.isNegative() || horizon.isNegative()) {
            throw ErrorCode.CONFIGURATION_INVALID.because("slots and times of a worker are no negative numbers");
        }
        if (lease.compareTo(poll.multipliedBy(3)) < 0) {
            throw ErrorCode.CONFIGURATION_INVALID.because("a lease is at least three times as long as poll");
        }
    }

    /** Four runs at once, a look each half second, leases of 15 s, 30 s to drain, a look ahead of a day. */
    public static SchedulerSettings usual(String worker, String host) {
        return new SchedulerSettings(
                worker,
                host,
                4,
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                0);
    }

    /** The same with another number of runs at once. */
    public SchedulerSettings withSlots(int number) {
        return new SchedulerSettings(worker, host, number, poll, lease, drain, horizon, seed);
    }

    /** The same with other times. */
    public SchedulerSettings withTimes(Duration look, Duration held, Duration drained) {
        return new SchedulerSettings(worker, host, slots, look, held, drained, horizon, seed);
    }

    /** The same with another look ahead. */
    public SchedulerSettings withHorizon(Duration ahead) {
        return new SchedulerSettings(worker, host, slots, poll, lease, drain, ahead, seed);
    }
}
