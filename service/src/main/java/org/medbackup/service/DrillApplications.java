package org.medbackup.service;

import java.util.Optional;
import java.util.function.Supplier;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.recovery.plan.PlannedCheck;
import org.medbackup.service.PlanOperations.Held;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.JobEntry;

/**
 * What of a plan is started, by what its jobs back up.
 *
 * @param configuration that has the jobs
 * @param outside starts programs of this machine
 * @param time clocks
 */
record DrillApplications(Supplier<Configuration> configuration, Processes outside, TimeSource time) {

    /** What starts one; empty where its job backs up files, or a group of applications. */
    Optional<ApplicationRecovery> recovery(Held held, Processes processes) {
        String kind = kind(held);
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of(Applications.provider(kind).recovery(new Outside(time, processes)));
    }

    /** What kind of application it is that is started; empty where none is. */
    String kind(Held held) {
        Configuration current = configuration.get();
        JobEntry job = current.jobs().get(held.application().job());
        if (job == null || !(job.subject() instanceof JobEntry.OfApplication(String name))) {
            return "";
        }
        ApplicationEntry entry = current.applications().get(name);
        return entry == null ? "" : entry.kind();
    }

    boolean isStarted(Held held) {
        return recovery(held, outside).isPresent();
    }

    /** Whether it can be started where there is no network but its own. */
    boolean workApart(Held held) {
        return recovery(held, outside).map(ApplicationRecovery::worksApart).orElse(true);
    }

    /** Whether it is started, or a check of it is a program or asks one. */
    boolean runsPrograms(Held held) {
        return isStarted(held)
                || held.application().checks().stream()
                        .map(PlannedCheck::kind)
                        .anyMatch(kind -> kind == PlannedCheck.Kind.HTTP
                                || kind == PlannedCheck.Kind.TCP
                                || kind == PlannedCheck.Kind.COMMAND);
    }

    /**
     * Refuses what needs the network of this machine.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#SANDBOX_UNAVAILABLE}
     */
    void requireApart(Held held) {
        if (!workApart(held)) {
            throw ErrorCode.SANDBOX_UNAVAILABLE.because(
                    "applications of the kind of " + held.application().name() + " are spoken to over the network");
        }
    }
}
