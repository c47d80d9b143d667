package org.medbackup.governor.observe;

import java.time.Duration;
import org.medbackup.core.event.Facts;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * More was used than the limit allows.
 *
 * @param resource of what
 * @param limit bytes, or nanoseconds of processor time, a second
 * @param over how long
 * @param seen what the observer counted in that time
 * @param counted what the ledger did
 * @param charged what is repaid
 */
public record Violation(Resource resource, long limit, Duration over, long seen, long counted, long charged) {

    /** As events carry it. */
    public Facts facts() {
        return Facts.of("resource", resource)
                .and("limit", limit)
                .and("seconds", over.toMillis() / 1000.0)
                .and("seen", seen)
                .and("counted", counted)
                .and("charged", charged);
    }
}
