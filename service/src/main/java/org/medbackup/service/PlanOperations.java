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
import java.util.Optional;
import java.util.function.Supplier;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.recovery.plan.PlanFault;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;

/** Plans of recovery, held against what this site backs up. Safe for use by several threads. */
public final class PlanOperations {

    private final Settings settings;
    private final Operations operations;
    private final CatalogueOperations catalogue;
    private final Supplier<Configuration> configuration;

    PlanOperations(
            Settings settings,
            Operations operations,
            CatalogueOperations catalogue,
            Supplier<Configuration> configuration) {
        this.settings = settings;
        this.operations = operations;
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
