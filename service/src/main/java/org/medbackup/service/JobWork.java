package org.medbackup.service;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.medbackup.control.RunState;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.scheduler.Claim;
import org.medbackup.scheduler.RunWork;
import org.medbackup.scheduler.state.RunResult;

/** Does the runs of the schedule: each is a run of its job. Safe for use by several threads. */
final class JobWork implements RunWork {

    private static final int MOST_RESULTS = 500;

    private final MedBackup product;
    private final RepositoryAccess access;
    private final RunLogs logs;
    private final TimeSource time;
    private final BiConsumer<String, Instant> succeeded;
    private final Map<String, JobResult> results = Collections.synchronizedMap(new LinkedHashMap<>());

    /**
     * Does runs.
     *
     * @param access to the repository
     * @param logs hears when a run begins and ends
     * @param time the worker's clock
     * @param succeeded hears the name of a job and the time of its new restore point
     */
    JobWork(
            MedBackup product,
            RepositoryAccess access,
            RunLogs logs,
            TimeSource time,
            BiConsumer<String, Instant> succeeded) {
        this.product = product;
        this.access = access;
        this.logs = logs;
        this.time = time;
        this.succeeded = succeeded;
    }

    /** What the last runs came to, by their ids; the oldest are forgotten. */
    Map<String, JobResult> results() {
        return results;
    }

    @Override
    public RunResult run(Claim claim) {
        logs.begun(claim.run());
        RunState end = RunState.FAILED;
        try {
            JobResult result = ScopedValue.where(RunLogs.RUN, claim.run())
                    .call(() -> product.jobs().run(access, claim.job(), new ClaimedRun(claim, time)));
            synchronized (results) {
                results.put(claim.run(), result);
                if (results.size() > MOST_RESULTS) {
                    results.remove(results.keySet().iterator().next());
                }
            }
            end = RunState.valueOf(result.state().name());
            return result(result);
        } catch (CancelledException ended) {
            end = claim.stop() == Claim.Stop.PUT_OFF ? RunState.WAITING : RunState.CANCELLED;
            throw ended;
        } finally {
            logs.over(claim.run(), end);
        }
    }

    private RunResult result(JobResult result) {
        String failure = result.reason().map(each -> each.cause().code().name()).orElse(null);
        var state =
                org.medbackup.scheduler.state.RunState.valueOf(result.state().name());
        Instant point = result.point();
        if (!state.isGood() || point == null) {
            return RunResult.without(state, failure).with(result.snapshots());
        }
        Set<String> targets = new HashSet<>(List.of(result.target()));
        if (result.missingCopies() == 0) {
            targets.addAll(Objects.requireNonNull(product.configuration().jobs().get(result.name()), "it was run")
                    .copies());
        }
        succeeded.accept(result.name(), point);
        return new RunResult(state, point, targets, failure, result.snapshots());
    }
}
