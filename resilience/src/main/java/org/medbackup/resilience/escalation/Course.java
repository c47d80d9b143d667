package org.medbackup.resilience.escalation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Severity;

/**
 * How far people have been asked to take care of an incident. Immutable.
 *
 * @param said how urgent they were told it is
 * @param saidAt when they were last told
 * @param rung since when nobody answers; null where it has to be said first, as after an acknowledgement that ended
 * @param step of the routes for what is critical, from 0; behind the last one everybody is told
 */
record Course(Severity said, Instant saidAt, @Nullable Instant rung, int step) {

    /** The same by a clock that may have been set back. */
    Course notAfter(Instant now) {
        return new Course(said, Alarm.notAfter(saidAt, now), rung == null ? null : Alarm.notAfter(rung, now), step);
    }

    Course waitingToBeSaid() {
        return new Course(said, saidAt, null, step);
    }
}
