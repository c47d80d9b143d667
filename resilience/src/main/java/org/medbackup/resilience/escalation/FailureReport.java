package org.medbackup.resilience.escalation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Severity;

/**
 * That something failed. Immutable.
 *
 * @param cause of it
 * @param job name of the job that failed; empty where the resource itself was looked at, without a job
 * @param severity how much somebody is needed
 * @param protectedUntil until when what the job protects stays within its RPO; null where that is not at risk or not known
 * @param description what people need to know
 */
public record FailureReport(
        Cause cause,
        String job,
        Severity severity,
        @Nullable Instant protectedUntil,
        Description description) {

    public FailureReport {
        job = job.isEmpty() ? job : Wording.name(job);
    }
}
