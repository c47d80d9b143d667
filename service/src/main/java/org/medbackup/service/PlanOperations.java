package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.governor.Limits;
import org.medbackup.recovery.learn.Experience;
import org.medbackup.recovery.plan.PlanFault;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.recovery.plan.WhatIf;
import org.medbackup.recovery.rotation.PointChoice;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;

/** Plans of recovery, held against what this site backs up. Safe for use by several threads. */
public final class PlanOperations {

    private final Settings settings;
    private final Operations operations;
    private final Repositories repositories;
    private final CatalogueOperations catalogue;
    private final Supplier<Configuration> configuration;
    private final DrillApplications applications;
    private final Recalls recalls;
    private final DrillBook book;

    PlanOperations(
            Settings settings,
            Operations operations,
            Repositories repositories,
            CatalogueOperations catalogue,
            Supplier<Configuration> configuration,
            DrillApplications applications,
            Recalls recalls,
            DrillBook book) {
        this.recalls = recalls;
        this.applications = applications;
        this.book = book;
        this.settings = settings;
        this.operations = operations;
        this.repositories = repositories;
        this.catalogue = catalogue;
        this.configuration = configuration;
    }

    /** What may keep a plan from being carried out now. */
    public enum Obstacle {
        /** The configuration has no job of this name, so that nothing new is backed up. */
        NO_JOB,
        /** No complete restore point of the job is known that was not found to be damaged. */
        NO_RESTORE_POINT,
        /** The newest one is older than may be lost. */
        RPO_MISSED
    }

    /**
     * An application of a plan, and from what it would be recovered.
     *
     * @param application as planned
     * @param snapshot id of the newest good restore point; empty where none is known
     * @param point the moment that it holds; {@link Instant#EPOCH} where none is known
     * @param obstacles that stand in the way
     */
    public record Held(PlannedApplication application, String snapshot, Instant point, List<Obstacle> obstacles) {

        public Held {
            obstacles = List.copyOf(obstacles);
        }
    }

    /**
     * What a check of a plan came to.
     *
     * @param faults of the plan itself; where there are any nothing else was looked at
     * @param applications in the order of the recovery
     */
    public record Checked(List<PlanFault> faults, List<Held> applications) {

        public Checked {
            faults = List.copyOf(faults);
            applications = List.copyOf(applications);
        }

        /** Whether the plan could be carried out now within its objectives for data. */
        public boolean isSound() {
            return faults.isEmpty()
                    && applications.stream().allMatch(each -> each.obstacles().isEmpty());
        }
    }

    /**
     * Checks a plan by itself, and against the configuration and the catalogue as it was last read; asks no target.
     *
     * @param file of the plan
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID} where it cannot be read
     */
    public Checked check(Path file) {
        String text = text(file);
        List<PlanFault> faults = RecoveryPlan.check(text);
        List<CataloguedPoint> points = faults.isEmpty() ? catalogue.list("").points() : List.of();
        return operations.run(
                "plan-check",
                Facts.NONE,
                log -> {
                    var held = new ArrayList<Held>();
                    if (faults.isEmpty()) {
                        RecoveryPlan.parse(text).order().forEach(each -> held.add(held(each, points)));
                    }
                    return new Checked(faults, held);
                },
                checked -> {
                    long obstructed = checked.applications().stream()
                            .filter(each -> !each.obstacles().isEmpty())
                            .count();
                    Facts facts = Facts.of("faults", checked.faults().size())
                            .and("applications", checked.applications().size())
                            .and("obstructed", obstructed);
                    return checked.isSound() ? Ending.success(facts) : new Ending(Outcome.FINDING, null, facts);
                });
    }

    /**
     * Predicts how long a plan takes, from the newest good restore point of each of its jobs: what a restore has to do is read
     * from the repository, what it costs here is measured by restoring a little of each into a scratch folder, and how long
     * starts, replays and checks take is known from earlier drills of this target, or else only roughly.
     *
     * @param access to the repository
     * @param file of the plan
     * @param folder on the file system that will be restored to; what is measured is removed again
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLAN_INVALID}
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#PLAN_OBSTRUCTED} where an application has nothing
     *     to be recovered from
     */
    public PlanPrediction predict(RepositoryAccess access, Path file, Path folder) {
        return predict(access, file, folder, WhatIf.NOTHING);
    }

    /**
     * The same in other circumstances than those of the plan and of this machine.
     *
     * @param otherwise what is not as it is
     */
    public PlanPrediction predict(RepositoryAccess access, Path file, Path folder, WhatIf otherwise) {
        // Nothing is started for it.
        DrillOrder order = DrillOrder.of(file, folder).sharingNetwork(true);
        return predict(access, chosen(order), order.choice(), folder, otherwise);
    }

    /**
     * As {@link #predict(RepositoryAccess, Path, Path)}, of what an order takes.
     *
     * @param folder for what is measured
     */
    PlanPrediction predict(RepositoryAccess access, Chosen chosen, DrillOrder order, Path folder) {
        return predict(access, chosen, order.choice(), folder, WhatIf.NOTHING);
    }

    private PlanPrediction predict(
            RepositoryAccess access, Chosen chosen, DrillOrder.Choice choice, Path folder, WhatIf otherwise) {
        RecoveryPlan plan = chosen.plan().within(otherwise.of(chosen.plan().envelope()));
        String target = DrillBook.target(access.location(), folder);
        long asked = settings.time().nanos();
        // Work that is woken for a little at a time costs more processor time than what runs through.
        Repositories measured = plan.envelope().processors() > 0
                ? repositories.limitedTo(
                        Limits.parse(List.of("cpu=" + plan.envelope().processors())))
                : repositories;
        return measured.on(
                access,
                "predict-plan",
                Facts.of("plan", plan.digest()),
                (repository, log) -> {
                    Duration opening = settings.time().since(asked);
                    Experience experience =
                            book.experience(target, settings.time().now());
                    var work = new PlannedWork(
                            repository,
                            plan,
                            folder,
                            otherwise,
                            experience,
                            request -> waiting(repository, request, otherwise, log),
                            settings,
                            log);
                    work.opening(opening);
                    chosen.applications().forEach(each -> work.add(each, choice, started(each, choice)));
                    return work.predict(book.drills(target));
                },
                prediction ->
                        Ending.success(Facts.of("seconds", prediction.expected().toMillis() / 1e3)
                                .and("low", prediction.low().toMillis() / 1e3)
                                .and("high", prediction.high().toMillis() / 1e3)
                                .and("regime", prediction.basis().regime())
                                .and("drills", prediction.basis().drills())
                                .and("seed", prediction.seed())));
    }

    /** What lies cold; where the target has no cold storage, the names of all packs need not be read for it. */
    private Optional<RecallPlan> waiting(
            Repository repository, RestoreRequest request, WhatIf otherwise, OperationLog log) {
        return repository
                .recall()
                .map(any -> recalls.plan(repository, request, recall(otherwise), log))
                .filter(each -> !each.isReady());
    }

    private static RecallOrder recall(WhatIf otherwise) {
        return otherwise.recall() == null ? RecallOrder.cheapest() : RecallOrder.of(otherwise.recall());
    }

    /** What is started of an application; nothing of a sample of its files. */
    private PlannedWork.Started started(Held held, DrillOrder.Choice choice) {
        if (choice.isPartial()) {
            return PlannedWork.Started.NOTHING;
        }
        return applications
                .recovery(held, settings.processes())
                .map(recovery -> new PlannedWork.Started(applications.kind(held), recovery.replays()))
                .orElse(PlannedWork.Started.NOTHING);
    }

    /**
     * What a drill rehearses.
     *
     * @param plan with the applications that are, and what they need
     * @param applications in the order of the recovery
     */
    record Chosen(RecoveryPlan plan, List<Held> applications) {

        Chosen {
            applications = List.copyOf(applications);
        }
    }

    /** The applications and restore points of an order; each has one. */
    Chosen chosen(DrillOrder order) {
        Checked checked = check(order.plan());
        checked.faults().stream().findFirst().ifPresent(fault -> {
            throw ErrorCode.PLAN_INVALID.because(fault.text()).about(order.plan());
        });
        RecoveryPlan whole = plan(order.plan());
        order.applications().stream()
                .filter(each -> !whole.applications().containsKey(each))
                .findFirst()
                .ifPresent(each -> {
                    throw ErrorCode.PLAN_INVALID
                            .because("the plan has no application " + each)
                            .about(order.plan());
                });
        RecoveryPlan plan = order.applications().isEmpty() ? whole : whole.only(order.applications());
        List<Held> held = checked.applications().stream()
                .filter(each ->
                        plan.applications().containsKey(each.application().name()))
                .toList();
        if (!order.shareNetwork() && !order.choice().isPartial()) {
            held.forEach(applications::requireApart);
        }
        held.stream().filter(each -> each.snapshot().isEmpty()).findFirst().ifPresent(each -> {
            throw ErrorCode.PLAN_OBSTRUCTED.because(
                    "no restore point is known for " + each.application().name());
        });
        return new Chosen(plan, order.choice().points() == PointRule.NEWEST ? held : drawn(held, order.choice()));
    }

    private List<Held> drawn(List<Held> newest, DrillOrder.Choice choice) {
        List<CataloguedPoint> points = catalogue.list("").points();
        Map<String, Instant> rehearsed = catalogue.rehearsed();
        var chooser =
                new PointChoice(choice.points(), choice.seed(), settings.time().now());
        return newest.stream()
                .map(each -> chooser.of(
                                each.application().name(),
                                candidates(each.application().job(), points, rehearsed))
                        .map(point -> new Held(each.application(), point.snapshot(), point.time(), each.obstacles()))
                        .orElse(each))
                .toList();
    }

    /** Those that lie in the repository, which drills restore from. */
    private static List<PointChoice.Point> candidates(
            String job, List<CataloguedPoint> points, Map<String, Instant> rehearsed) {
        return points.stream()
                .filter(each ->
                        each.object().equals(job) && each.target().equals(CopyLedger.REPOSITORY) && each.isGood())
                .map(each -> new PointChoice.Point(
                        each.snapshot(), each.point(), rehearsed.get(each.snapshot()), each.proof() != null))
                .toList();
    }

    /** The plan that a file holds. */
    static RecoveryPlan plan(Path file) {
        return RecoveryPlan.parse(text(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw ErrorCode.PLAN_INVALID
                    .because("the file does not exist", absent)
                    .about(file);
        } catch (IOException unreadable) {
            throw ErrorCode.PLAN_INVALID
                    .because("the file cannot be read", unreadable)
                    .about(file);
        }
    }

    private Held held(PlannedApplication application, List<CataloguedPoint> points) {
        List<Obstacle> obstacles = new ArrayList<>();
        if (!configuration.get().jobs().containsKey(application.job())) {
            obstacles.add(Obstacle.NO_JOB);
        }
        Optional<CataloguedPoint> newest = points.stream()
                .filter(each -> each.object().equals(application.job()) && each.isGood())
                .max(Comparator.comparing(CataloguedPoint::point));
        if (newest.isEmpty()) {
            obstacles.add(Obstacle.NO_RESTORE_POINT);
            return new Held(application, "", Instant.EPOCH, obstacles);
        }
        Duration rpo = application.objectives().rpo();
        Instant point = newest.get().point();
        if (rpo.isPositive() && point.plus(rpo).isBefore(settings.time().now())) {
            obstacles.add(Obstacle.RPO_MISSED);
        }
        return new Held(application, newest.get().snapshot(), point, obstacles);
    }
}
