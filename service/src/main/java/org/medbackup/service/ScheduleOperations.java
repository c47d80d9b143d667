package org.medbackup.service;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.medbackup.core.Secret;
import org.medbackup.core.event.Facts;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.scheduler.SchedulerSettings;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.SecretReference;

/**
 * The schedule as it stands, and what somebody says to it. It is the state of the schedule that is read and changed, so that
 * it does not matter whether a daemon runs, nor on which host. Safe for use by several threads.
 */
public final class ScheduleOperations {

    private final Settings settings;
    private final Path state;
    private final Operations operations;
    private final Supplier<Configuration> configuration;

    ScheduleOperations(Settings settings, Path state, Operations operations, Supplier<Configuration> configuration) {
        this.settings = settings;
        this.state = state;
        this.operations = operations;
        this.configuration = configuration;
    }

    /** All jobs that run by themselves, by name. */
    public List<JobView> list() {
        return on("job-list", Facts.NONE, Scheduler::list);
    }

    /**
     * One of them.
     *
     * @throws org.medbackup.core.error.UsageException with
     *     {@link org.medbackup.core.error.ErrorCode#JOB_NOT_CONFIGURED}
     */
    public JobView status(String job) {
        return on("job-status", Facts.of("job", job), scheduler -> scheduler.status(job));
    }

    /** Begins no new run of a job until it is resumed, on any worker; what runs goes on. */
    public JobView pause(String job) {
        return on("job-pause", Facts.of("job", job), scheduler -> {
            scheduler.pause(job);
            return scheduler.status(job);
        });
    }

    /** Lets a paused job run again. */
    public JobView resume(String job) {
        return on("job-resume", Facts.of("job", job), scheduler -> {
            scheduler.resume(job);
            return scheduler.status(job);
        });
    }

    /** Asks for the end of what a job has open, on any worker; it ends in its own time. */
    public JobView cancel(String job) {
        return on("job-cancel", Facts.of("job", job), scheduler -> {
            scheduler.cancel(job);
            return scheduler.status(job);
        });
    }

    private <T> T on(String action, Facts facts, Function<Scheduler, T> work) {
        return operations.run(
                action,
                facts,
                log -> {
                    Configuration now = configuration.get();
                    String host = settings.actor().host();
                    var process = SchedulerSettings.usual(
                            "command-" + ProcessHandle.current().pid(), host);
                    try (Secret password = password(now);
                            Scheduler scheduler = Scheduler.watching(
                                    process,
                                    ScheduledJobs.store(now, state, password),
                                    ScheduledJobs.rules(now, host),
                                    settings.time(),
                                    settings.entropy())) {
                        return work.apply(scheduler);
                    }
                },
                done -> Ending.success(facts));
    }

    private Secret password(Configuration now) {
        SecretReference reference = now.service().password();
        return reference == null ? Secret.ofText("") : reference.secret(settings.environment());
    }
}
