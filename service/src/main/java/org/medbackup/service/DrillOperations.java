package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;
import org.medbackup.governor.Limits;
import org.medbackup.recovery.plan.Envelope;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlannedCheck;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.PlanOperations.Held;

/**
 * Drills: a plan is carried out in a folder of its own, as in earnest and under the same envelope, and measured beside what was
 * predicted of it before. Nothing else on the machine is touched. Safe for use by several threads.
 */
public final class DrillOperations {

    private final Settings settings;
    private final Operations operations;
    private final Repositories repositories;
    private final PlanOperations plans;
    private final DrillSandboxes sandboxes;

    DrillOperations(
            Settings settings,
            Operations operations,
            Repositories repositories,
            PlanOperations plans,
            DrillSandboxes sandboxes) {
        this.settings = settings;
        this.operations = operations;
        this.repositories = repositories;
        this.plans = plans;
        this.sandboxes = sandboxes;
    }

    /**
     * Carries a plan out.
     *
     * @param access to the repository
     * @param file of the plan
     * @param scratch folder on the file system that will be restored to in earnest; a folder in it is made and taken away
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID}
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#PLAN_OBSTRUCTED}
     */
    public DrillResult run(RepositoryAccess access, Path file, Path scratch) {
        int reaped = sandboxes.reap();
        // It stands in the audit trail before the drill begins.
        PlanPrediction prediction = plans.predict(access, file, scratch);
        List<Held> held = plans.check(file).applications();
        RecoveryPlan plan = PlanOperations.plan(file);
        Repositories paced = repositories.limitedTo(limits(plan.envelope(), access.location()));
        return operations.run(
                "drill",
                Facts.of("plan", plan.digest())
                        .and("predicted", prediction.expected().toMillis() / 1e3)
                        .and("seed", prediction.seed()),
                log -> carriedOut(paced, access, plan, held, prediction, scratch, reaped, log),
                DrillOperations::ending);
    }

    private static Ending ending(DrillResult result) {
        Facts facts = Facts.of("drill", result.id())
                .and("actual", result.actual().toMillis() / 1e3)
                .and("errorPercent", Math.round(result.errorPercent() * 10) / 10.0)
                .and("met", result.isMet())
                .and("sound", result.isSound())
                .and("clean", result.clean());
        if (!result.isSound()) {
            return new Ending(Outcome.FINDING, ErrorCode.RESTORED_CONTENT_WRONG, facts);
        }
        return result.isMet() && result.clean() ? Ending.success(facts) : new Ending(Outcome.FINDING, null, facts);
    }

    private DrillResult carriedOut(
            Repositories paced,
            RepositoryAccess access,
            RecoveryPlan plan,
            List<Held> held,
            PlanPrediction prediction,
            Path scratch,
            int reaped,
            OperationLog log) {
        DrillSandboxes.Sandbox sandbox = sandboxes.open(scratch);
        Instant began = settings.time().now();
        long start = settings.time().nanos();
        List<Recovered> recovered = new ArrayList<>();
        Duration actual;
        boolean clean = false;
        try {
            for (Held each : held) {
                recovered.add(recovered(paced, access, each, sandbox, began, start, log));
            }
            actual = settings.time().since(start);
        } finally {
            clean = sandboxes.close(sandbox);
            log.phase(
                    "cleaned",
                    clean ? Outcome.SUCCESS : Outcome.FINDING,
                    Duration.ZERO,
                    Facts.of("drill", sandbox.id()));
        }
        return new DrillResult(sandbox.id(), plan.name(), began, prediction, actual, recovered, clean, reaped);
    }

    private Recovered recovered(
            Repositories paced,
            RepositoryAccess access,
            Held held,
            DrillSandboxes.Sandbox sandbox,
            Instant began,
            long start,
            OperationLog log) {
        Duration begin = settings.time().since(start);
        Path folder = sandbox.folder().resolve(held.application().name());
        RestoreResult restored = restored(paced, access, held, folder);
        List<Check> checks = new ArrayList<>();
        held.application().checks().forEach(each -> checks.add(checked(each, restored)));
        Duration end = settings.time().since(start);
        log.phase(
                "recovered",
                restored.isComplete() ? Outcome.SUCCESS : Outcome.FINDING,
                end.minus(begin),
                Facts.of("snapshot", held.snapshot()).and("files", restored.files()));
        return new Recovered(
                held.application().name(),
                held.snapshot(),
                held.point(),
                begin,
                end,
                held.application().objectives().rto(),
                Duration.between(held.point(), began),
                held.application().objectives().rpo(),
                restored.files(),
                restored.bytes().written(),
                checks);
    }

    private static RestoreResult restored(Repositories paced, RepositoryAccess access, Held held, Path folder) {
        return paced.on(
                access,
                "drill-restore",
                Facts.of("snapshot", held.snapshot()),
                (repository, log) -> restored(repository, held, folder, log),
                Endings::of);
    }

    private static RestoreResult restored(Repository repository, Held held, Path folder, OperationLog log) {
        return repository.restore(new RestoreRequest(held.snapshot(), PathBytes.of("/"), List.of(), folder), log);
    }

    /** Each chunk was proven to be the one of its name, and each file's sum to be that of the backup, while it was written. */
    private static Check checked(PlannedCheck check, RestoreResult restored) {
        return switch (check.kind()) {
            case HASHES ->
                new Check(
                        "hashes",
                        restored.isComplete(),
                        restored.isComplete()
                                ? restored.files() + " files are as they were"
                                : restored.failureCount() + " entries are not as they were");
            default ->
                new Check(
                        check.kind().name().toLowerCase(java.util.Locale.ROOT),
                        false,
                        "drills do not start applications yet, so that this check cannot pass");
        };
    }

    /** What a restore may use, as the envelope says it. */
    private static Limits limits(Envelope envelope, String location) {
        List<String> limits = new ArrayList<>();
        boolean remote = location.contains("://") && !location.startsWith("file:") && !location.startsWith("hsm:");
        if (envelope.read() > 0) {
            limits.add((remote ? "network.ingress=" : "disk.read=") + (envelope.read() >> 10) + "KiB/s");
        }
        if (envelope.write() > 0) {
            limits.add("disk.write=" + (envelope.write() >> 10) + "KiB/s");
        }
        if (envelope.processors() > 0) {
            limits.add("cpu=" + envelope.processors());
        }
        return Limits.parse(limits);
    }
}
