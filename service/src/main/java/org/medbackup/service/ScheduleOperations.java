package org.medbackup.service;

import java.util.List;
import java.util.function.Function;
import org.medbackup.core.event.Facts;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.service.Operations.Ending;

/**
 * The schedule as it stands, and what somebody says to it. It is the state of the schedule that is read and changed, so that
 * it does not matter whether a daemon runs, nor on which host. Safe for use by several threads.
 */
public final class ScheduleOperations {

    private final WatchedSchedule schedule;
    private final Operations operations;

    ScheduleOperations(WatchedSchedule schedule, Operations operations) {
        this.schedule = schedule;
        this.operations = operations;
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
        return operations.run(action, facts, log -> schedule.on(work), done -> Ending.success(facts));
    }
}
