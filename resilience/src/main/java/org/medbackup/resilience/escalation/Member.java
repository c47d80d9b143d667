package org.medbackup.resilience.escalation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who is held up by an incident. Immutable.
 *
 * @param job its name; empty for the resource itself, where that was looked at without a job
 * @param protectedUntil until when what it protects stays within its RPO; null where that is not at risk or not known
 * @param mended whether it has succeeded since
 */
public record Member(String job, @Nullable Instant protectedUntil, boolean mended) {

    Member nowMended() {
        return new Member(job, protectedUntil, true);
    }
}
