package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.ContentCheck;
import org.medbackup.governor.Limits;
import org.medbackup.recovery.plan.Envelope;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.service.DrillResult.Left;
import org.medbackup.service.DrillResult.Network;
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
    private final DrillApplications applications;
    private final List<ContentCheck> content;
    private final DrillBook book;

    DrillOperations(
            Settings settings,
            Operations operations,
            Repositories repositories,
            PlanOperations plans,
            DrillSandboxes sandboxes,
            DrillApplications applications,
            List<ContentCheck> content,
            DrillBook book) {
        this.book = book;
        this.settings = settings;
        this.operations = operations;
        this.repositories = repositories;
        this.plans = plans;
        this.sandboxes = sandboxes;
        this.applications = applications;
        this.content = List.copyOf(content);
    }

    /**
     * Carries a plan out; what it starts has a network of its own.
     *
     * @param access to the repository
     * @param file of the plan
     * @param scratch folder on the file system that will be restored to in earnest; a folder in it is made and taken away
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID}
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#PLAN_OBSTRUCTED}, or {@link
     *     ErrorCode#SANDBOX_UNAVAILABLE} where there can be no network of its own
     */
    public DrillResult run(RepositoryAccess access, Path file, Path scratch) {
        return run(access, DrillOrder.of(file, scratch));
    }

    /**
     * Carries several plans out, one after the other, as after the loss of a site. A plan that misses its objectives does not keep
     * the next one from being carried out.
     *
     * @param access to the repository
     * @param orders of the plans
     * @param objective for all together; zero for none
     */
    public DrillChain run(RepositoryAccess access, List<DrillOrder> orders, Duration objective) {
        return new DrillChain(orders.stream().map(each -> run(access, each)).toList(), objective);
    }

    /**
     * Carries out what an order says.
     *
     * @param access to the repository
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID}
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#PLAN_OBSTRUCTED}, or {@link
     *     ErrorCode#SANDBOX_UNAVAILABLE} where there can be no network of its own
     */
    public DrillResult run(RepositoryAccess access, DrillOrder order) {
        int reaped = sandboxes.reap();
        PlanOperations.Chosen chosen = plans.chosen(order);
        DrillSandboxes.Sandbox sandbox = sandboxes.open(order.scratch());
        var closing = new Closing(sandbox);
        try {
            closing.isolation = isolation(sandbox, chosen.applications(), order);
            // It stands in the audit trail before the drill begins; what is measured for it goes with the drill's
            // folder.
            PlanPrediction prediction = plans.predict(access, chosen, order, sandbox.folder());
            RecoveryPlan plan = chosen.plan();
            Repositories paced = repositories.limitedTo(limits(plan.envelope(), access.location()));
            return operations.run(
                    "drill",
                    Facts.of("plan", plan.digest())
                            .and("predicted", prediction.expected().toMillis() / 1e3)
                            .and("seed", prediction.seed())
                            .and("points", order.choice().points().name())
                            .and("choiceSeed", order.choice().seed())
                            .and("share", order.choice().share()),
                    log -> carriedOut(new Drill(paced, access, chosen, order, prediction, reaped), closing, log),
                    DrillOperations::ending);
        } finally {
            closing.close();
        }
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

    /**
     * What is carried out.
     *
     * @param paced opens the repository under the envelope, once for all applications
     */
    private record Drill(
            Repositories paced,
            RepositoryAccess access,
            PlanOperations.Chosen chosen,
            DrillOrder order,
            PlanPrediction prediction,
            int reaped) {

        RecoveryPlan plan() {
            return chosen.plan();
        }

        List<Held> held() {
            return chosen.applications();
        }
    }

    /** Everything of a drill that has to go, in one order whatever happens. */
    private final class Closing {

        private final DrillSandboxes.Sandbox sandbox;
        private @Nullable DrillIsolation isolation;
        private @Nullable DrillRun run;
        private @Nullable Left left;

        Closing(DrillSandboxes.Sandbox sandbox) {
            this.sandbox = sandbox;
        }

        /** What is left. Once; also where this thread was interrupted, which is kept for later. */
        Left close() {
            Left known = left;
            if (known != null) {
                return known;
            }
            boolean interrupted = Thread.interrupted();
            try {
                if (isolation != null) {
                    isolation.close();
                }
                if (run != null) {
                    run.close();
                }
            } finally {
                known = sandboxes.close(sandbox);
                left = known;
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return known;
        }
    }

    /** The sandbox, where anything is to be started. */
    private DrillIsolation isolation(DrillSandboxes.Sandbox sandbox, List<Held> held, DrillOrder order) {
        boolean mayShare = order.shareNetwork();
        // On a sample of files nothing can be started.
        if (order.choice().isPartial() || held.stream().noneMatch(applications::runsPrograms)) {
            return DrillIsolation.none(settings.processes(), sandbox.id());
        }
        DrillIsolation isolation = DrillIsolation.open(
                settings.processes(), sandbox.id(), List.of(sandbox.folder(), sandbox.run()), mayShare);
        if (isolation.holder() != 0) {
            try {
                sandboxes.hold(sandbox, isolation.holder());
            } catch (BackupException failed) {
                isolation.close();
                throw failed;
            }
        }
        return isolation;
    }

    private DrillResult carriedOut(Drill drill, Closing closing, OperationLog log) {
        DrillSandboxes.Sandbox sandbox = closing.sandbox;
        DrillIsolation isolation = Objects.requireNonNull(closing.isolation, "it was opened");
        var course = new DrilledApplication.Course(
                settings.time().now(),
                settings.time().nanos(),
                settings.time(),
                content,
                drill.order().choice());
        List<DrilledApplication> drilled = new ArrayList<>();
        for (Held each : drill.held()) {
            // Names of sockets have to be short.
            Path socket = sandbox.run().resolve(Integer.toString(drilled.size()));
            drilled.add(drilled(each, sandbox.folder(), socket, isolation, course));
        }
        var order = new DrillSequence(drill.plan());
        var run = new DrillRun(order, drilled);
        closing.run = run;
        List<Recovered> recovered;
        Duration actual;
        Left left;
        try {
            passable(sandbox, drill.held());
            recovered = drill.paced()
                    .on(
                            drill.access(),
                            "drill-restore",
                            Facts.of("drill", sandbox.id()),
                            (repository, own) -> run.run(repository, own),
                            done -> Ending.success(Facts.of("applications", done.size())));
            actual = course.now();
        } finally {
            left = closing.close();
            log.phase(
                    "cleaned",
                    left.equals(Left.NOTHING) ? Outcome.SUCCESS : Outcome.FINDING,
                    Duration.ZERO,
                    Facts.of("drill", sandbox.id()));
        }
        return kept(
                new DrillResult(
                        sandbox.id(),
                        drill.plan().name(),
                        course.began(),
                        drill.prediction(),
                        actual,
                        recovered,
                        order.notBegun(),
                        left,
                        drill.reaped(),
                        drill.order().choice()),
                DrillBook.target(drill.access().location(), sandbox.folder()),
                log);
    }

    /** Later predictions learn from it; where that cannot be, the drill is none the worse. */
    private DrillResult kept(DrillResult result, String target, OperationLog log) {
        try {
            book.add(result, target);
        } catch (BackupException unusable) {
            log.found(unusable.code(), Facts.of("drill", result.id()));
        }
        return result;
    }

    private DrilledApplication drilled(
            Held held, Path folder, Path socket, DrillIsolation isolation, DrilledApplication.Course course) {
        Network network = isolation.network(applications.workApart(held));
        Processes inside = isolation.processes(network);
        var place =
                new DrilledApplication.Place(folder.resolve(held.application().name()), socket, inside);
        ApplicationRecovery recovery = course.choice().isPartial()
                ? null
                : applications.recovery(held, inside).orElse(null);
        return new DrilledApplication(held, recovery, network, place, course);
    }

    /** The accounts of applications go through the drill's folders to what they are told the name of. */
    private void passable(DrillSandboxes.Sandbox sandbox, List<Held> held) {
        if (held.stream().noneMatch(applications::isStarted)) {
            return;
        }
        try {
            DrillFolder.makePassable(sandbox.folder());
            DrillFolder.makePassable(sandbox.run());
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the folder of a drill cannot be opened to applications", failed);
        }
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
