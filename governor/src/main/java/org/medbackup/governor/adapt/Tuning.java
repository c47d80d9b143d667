package org.medbackup.governor.adapt;

import java.time.Duration;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * What the administrator may set of the adaptation.
 *
 * @param steered what is made slower: all else of a backup follows what it reads
 * @param floor bytes a second that are never gone below, but in the pauses that measure the impact
 * @param start bytes a second to begin with, as long as nothing is known
 * @param degraded part of the limit, or without one of the highest rate seen, while a signal is lost
 * @param pauses part of the time in which backups pause so that production is measured without them; 0 for none
 * @param timeout seconds after which a reading counts as production standing still
 */
public record Tuning(
        Throttle.Resource steered, long floor, long start, double degraded, double pauses, Duration timeout) {

    /** As low as a rate can be kept. */
    static final long LOWEST = 64_000;

    /**
     * Checks it.
     *
     * @throws org.medbackup.core.error.UsageException where it cannot be kept
     */
    public Tuning {
        if (steered == Throttle.Resource.CPU) {
            throw ErrorCode.INVALID_LIMIT.because("adaptation steers bytes, not processor time");
        }
        if (floor < LOWEST || start < floor) {
            throw ErrorCode.INVALID_LIMIT.because(
                    "adaptation: the floor is 64kB/s at least, and the start not below it");
        }
        if (!(degraded > 0 && degraded <= 1) || !(pauses >= 0 && pauses <= 0.2)) {
            throw ErrorCode.INVALID_LIMIT.because("adaptation: a part is out of its range");
        }
        if (timeout.toMillis() < 10) {
            throw ErrorCode.INVALID_LIMIT.because("adaptation: no reading takes less than 10 ms for sure");
        }
    }

    /** The same with another rate while a signal is lost: a part of the limit, or of the highest rate seen. */
    public Tuning withDegraded(double part) {
        return new Tuning(steered, floor, start, part, pauses, timeout);
    }

    /** Reading is steered: 1 MB/s at least, 8 MB/s to begin with, a quarter where signals are lost, pauses of 4 %. */
    public static Tuning standard() {
        return new Tuning(Throttle.Resource.DISK_READ, 1_000_000, 8_000_000, 0.25, 0.04, Duration.ofSeconds(1));
    }
}
