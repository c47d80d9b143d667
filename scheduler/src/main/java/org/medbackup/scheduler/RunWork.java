package org.medbackup.scheduler;

import org.medbackup.scheduler.state.RunResult;

/** Does what a job is there for. Called from several threads, one for each run. */
@FunctionalInterface
public interface RunWork {

    /**
     * Does one run. The thread is interrupted when it is to stop; {@link Claim#stop()} says why. What it throws then is not
     * taken for a failure.
     *
     * @return how it ended
     * @throws org.medbackup.core.error.BackupException where it failed: it ends as FAILED, REFUSED or CANCELLED, by its kind
     */
    RunResult run(Claim claim);
}
