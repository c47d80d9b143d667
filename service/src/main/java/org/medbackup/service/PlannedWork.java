package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Entry;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.recovery.MicroProbe;
import org.medbackup.recovery.learn.Experience;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Limiting;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlanPrediction.Basis;
import org.medbackup.recovery.plan.PlanPredictor;
import org.medbackup.recovery.plan.PlannedCheck;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.recovery.plan.RestoreWork;
import org.medbackup.recovery.plan.StageWork;
import org.medbackup.recovery.plan.WhatIf;
import org.medbackup.recovery.plan.Work;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.RestoreSimulation;
import org.medbackup.recovery.simulate.Stage;
import org.medbackup.service.PlanOperations.Held;

/** What the stages of a plan take, from an open repository and what drills have taught. For one prediction; of one thread. */
final class PlannedWork {

    /** What nobody has said the time of, and nothing could be measured of. */
    private static final RestoreCosts ROUGH = new RestoreCosts(0.5, 1e-3, 2e-8, 0.2, 3e-4, 5e-9, 1);

    private static final Duration UNKNOWN_RECALL = Duration.ofHours(12);
    private static final double MOST_OF_RECALL = 0.8;
    private static final double RECALL_SPREAD = 0.25;

    /** Rounds of a probe where no envelope is declared, so that it is known how much the machine varies. */
    private static final int NOISE_ROUNDS = 5;

    private final Repository repository;
    private final RecoveryPlan plan;
    private final Path folder;
    private final WhatIf otherwise;
    private final Experience experience;
    private final OperationLog log;
    private final Function<RestoreRequest, Optional<RecallPlan>> recall;
    private Duration opening = Duration.ZERO;
    private final RandomGenerator random;
    private final TimeSource time;
    private final Map<String, List<Work>> work = new HashMap<>();
    private final Map<String, List<Lesson>> expected = new HashMap<>();
    private final Map<String, Double> factors = new HashMap<>();
    /** Of what was measured last, for what lies cold: that cannot be. */
    private RestoreCosts latest = ROUGH;

    private double noise;
    private double restoring;
    private double bound;

    /**
     * Of a plan.
     *
     * @param folder for what is measured
     * @param otherwise what is not as it is here
     * @param recall what a restore has to wait for from cold storage; empty where it can begin at once
     */
    PlannedWork(
            Repository repository,
            RecoveryPlan plan,
            Path folder,
            WhatIf otherwise,
            Experience experience,
            Function<RestoreRequest, Optional<RecallPlan>> recall,
            Settings settings,
            OperationLog log) {
        this.recall = recall;
        this.repository = repository;
        this.plan = plan;
        this.folder = folder;
        this.otherwise = otherwise;
        this.experience = experience;
        this.random = settings.random();
        this.time = settings.time();
        this.log = log;
    }

    /** How long it takes to open the repository, with which the first restore begins. */
    void opening(Duration took) {
        opening = took;
    }

    /**
     * What is started.
     *
     * @param kind of application; empty where nothing is
     * @param replays whether it comes up by replaying log
     */
    record Started(String kind, boolean replays) {

        /** Files alone. */
        static final Started NOTHING = new Started("", false);

        boolean isNothing() {
            return kind.isEmpty();
        }
    }

    /**
     * Adds an application.
     *
     * @param choice how much of it
     */
    void add(Held held, DrillOrder.Choice choice, Started started) {
        String name = held.application().name();
        String kind = started.isNothing() ? FILES : started.kind();
        RestoreRequest request = DrillSample.request(repository, held, choice, folder, log);
        RestoreSteps steps = otherwise(repository.steps(request, log));
        Optional<RecallPlan> cold = recall.apply(request);
        // The repository is opened once for all of them.
        double first = work.isEmpty() ? opening.toNanos() / 1e9 : 0;
        RestoreCosts costs = cold.isEmpty() ? measured(held) : latest;
        var restore = new RestoreWork(steps, costs.startingAfter(first).times(otherwise.slower()), experience);
        List<Work> stages = new ArrayList<>();
        cold.ifPresent(each -> stages.add(recall(each)));
        stages.add(restore);
        List<Lesson> lessons = new ArrayList<>();
        RestoreSimulation.Ran ran = restore.simulated(capacities(), 1);
        restoring += ran.seconds();
        bound += ran.saturated().values().stream()
                .mapToDouble(each -> each)
                .max()
                .orElse(0);
        Limiting limiting = Limiting.of(ran);
        factors.put(name, restore.correction(limiting).factor());
        lessons.add(lesson(name, kind, Stage.RESTORE, limiting, restore.isSmall(), (double) steps.written()));
        if (started.replays()) {
            add(stages, lessons, Stage.REPLAY, name, kind, log(held));
        } else if (!started.isNothing()) {
            add(stages, lessons, Stage.START, name, kind, 0);
        }
        if (!choice.isPartial()
                && held.application().checks().stream().anyMatch(each -> each.kind() != PlannedCheck.Kind.HASHES)) {
            add(stages, lessons, Stage.CHECK, name, kind, (double) steps.written());
        }
        work.put(name, List.copyOf(stages));
        expected.put(name, List.copyOf(lessons));
    }

    private RestoreSteps otherwise(RestoreSteps steps) {
        return otherwise.workers() == 0
                ? steps
                : new RestoreSteps(steps.steps(), steps.metadata(), otherwise.workers());
    }

    private RestoreCosts measured(Held held) {
        var probe = new MicroProbe(repository, folder, random, time, log);
        latest = plan.envelope().isDeclared()
                ? probe.measure(held.snapshot())
                : probe.measure(held.snapshot(), NOISE_ROUNDS);
        noise = Math.max(noise, latest.spread());
        return latest;
    }

    /** A target says how long it takes at the most; most of it comes somewhat sooner. */
    private static StageWork recall(RecallPlan cold) {
        Optional<Duration> longest = cold.speed().flatMap(RecallSpeed::longestWait);
        double seconds = longest.orElse(UNKNOWN_RECALL).toSeconds() * MOST_OF_RECALL;
        return new StageWork(Stage.RECALL, seconds, Map.of(), longest.isPresent() ? RECALL_SPREAD : 1);
    }

    /** What has no application to start. */
    static final String FILES = "files";

    private void add(List<Work> stages, List<Lesson> lessons, Stage stage, String name, String kind, double amount) {
        Experience.Usual usual = experience.stage(stage, name, kind, amount);
        stages.add(new StageWork(stage, usual.seconds() * otherwise.slower(), Map.of(), usual.spread()));
        lessons.add(lesson(name, kind, stage, Limiting.NOTHING, false, amount));
    }

    private static Lesson lesson(
            String name, String kind, Stage stage, Limiting limiting, boolean small, double amount) {
        return new Lesson(Instant.EPOCH, name, kind, stage, limiting, small, amount, 0, 0);
    }

    /** Bytes of the log that is in a restore point of PostgreSQL. */
    private double log(Held held) {
        var bytes = new LongAdder();
        repository.list(
                held.snapshot(),
                PathBytes.of("/"),
                true,
                entry -> {
                    if (entry.type() == Entry.Type.FILE && entry.path().contains("/pg_wal/")) {
                        bytes.add(entry.size());
                    }
                },
                log);
        return bytes.sum();
    }

    private Map<Resource, Double> capacities() {
        return plan.envelope().capacities(Runtime.getRuntime().availableProcessors());
    }

    /** Predicts from what was added. */
    PlanPrediction predict(int drills) {
        var predictor = new PlanPredictor(plan, work, random.nextLong());
        PlanPrediction prediction = predictor.predict(capacities());
        List<Lesson> lessons = new ArrayList<>();
        expected.forEach((name, of) -> of.forEach(each -> lessons.add(predicted(name, each, prediction))));
        double share = plan.envelope().isDeclared() && restoring > 0 ? bound / restoring : 0;
        return prediction.on(
                new Basis(Basis.regime(share, noise), noise, share, drills, lessons, predictor.gains(capacities())));
    }

    /** The model's time is the one that was predicted, without what drills have taught. */
    private Lesson predicted(String name, Lesson lesson, PlanPrediction prediction) {
        double seconds = prediction.length(name + "/" + lesson.stage()).toNanos() / 1e9;
        double factor = lesson.stage() == Stage.RESTORE ? factors.getOrDefault(name, 1.0) : 1;
        return new Lesson(
                lesson.time(),
                lesson.application(),
                lesson.kind(),
                lesson.stage(),
                lesson.limiting(),
                lesson.small(),
                lesson.work(),
                seconds / factor,
                0);
    }
}
