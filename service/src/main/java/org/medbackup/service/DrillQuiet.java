package org.medbackup.service;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.RpoMonitor.Level;

/** Whether a drill may begin or go on: backups and restores in earnest come first. */
final class DrillQuiet {

    private final Supplier<List<JobView>> jobs;
    private final BooleanSupplier restores;

    /**
     * One.
     *
     * @param jobs as they stand
     * @param restores whether something is restored in earnest
     */
    DrillQuiet(Supplier<List<JobView>> jobs, BooleanSupplier restores) {
        this.jobs = jobs;
        this.restores = restores;
    }

    /** Whether one may begin: no job runs or waits to, and none is late. */
    boolean mayBegin() {
        return !restores.getAsBoolean()
                && jobs.get().stream().noneMatch(each -> each.open() != null || !each.paused() && isLate(each));
    }

    /** Whether one that runs may go on: no job has missed its objective, and none that is about to is being run. */
    boolean mayGoOn() {
        return !restores.getAsBoolean()
                && jobs.get().stream()
                        .noneMatch(each -> !each.paused()
                                && (each.level() == Level.MISSED || each.open() != null && isLate(each)));
    }

    private static boolean isLate(JobView job) {
        return job.level() != null && job.level() != Level.MET;
    }
}
