package org.medbackup.recovery.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.medbackup.recovery.plan.PlanPrediction.Outlook;
import org.medbackup.recovery.plan.PlanPrediction.Span;
import org.medbackup.recovery.simulate.Activity;
import org.medbackup.recovery.simulate.Course;
import org.medbackup.recovery.simulate.FluidSimulation;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/**
 * Predicts how long a plan takes: its stages as fluids on what they share, under the plan's envelope, many times with times that
 * are drawn as far as they are not known. What the envelope limits does not vary with the machine; so a prediction is as narrow
 * as the envelope makes it. Pure: the same plan, work and seed give the same prediction. Used by one thread.
 */
public final class PlanPredictor {

    /** Enough that one in ten of them is 200. */
    private static final int DRAWS = 2_000;

    /** Of what is not known, so much is the machine's and the same for all of it; the rest is each stage's own. */
    private static final double OF_THE_MACHINE = 0.7;

    /** Beyond three times the spread nothing is drawn. */
    private static final double MOST = 3;

    private static final double FINE = 4;

    private final RecoveryPlan plan;
    private final Map<String, List<Work>> work;
    private final long seed;
    private final Map<String, StageWork> drawnWork = new HashMap<>();

    /**
     * One for a plan.
     *
     * @param work stages of each application in their order, by its name
     * @param seed of the draws
     */
    public PlanPredictor(RecoveryPlan plan, Map<String, ? extends List<? extends Work>> work, long seed) {
        if (!work.keySet().containsAll(plan.applications().keySet())) {
            throw new IllegalArgumentException("each application of the plan needs its work");
        }
        this.plan = plan;
        Map<String, List<Work>> copied = new HashMap<>();
        work.forEach((name, stages) -> copied.put(name, List.copyOf(stages)));
        this.work = Map.copyOf(copied);
        this.seed = seed;
    }

    /** Predicts. */
    public PlanPrediction predict() {
        return predict(plan.envelope().capacities(Double.POSITIVE_INFINITY));
    }

    /**
     * What it would be with other links, disks or processors.
     *
     * @param capacities a second; a resource that is not named has no limit
     */
    public PlanPrediction predict(Map<Resource, Double> capacities) {
        drawnWork.clear();
        Course likely = course(capacities, name -> Drawn.LIKELY);
        var random = new SplittableRandom(seed);
        Errors errors = errors(capacities);
        double[] all = new double[DRAWS];
        Map<String, double[]> each = new HashMap<>();
        plan.applications().keySet().forEach(name -> each.put(name, new double[DRAWS]));
        for (int draw = 0; draw < DRAWS; draw++) {
            Course course = course(capacities, draws(random, errors));
            all[draw] = course.seconds();
            for (String name : plan.applications().keySet()) {
                drawn(each, name)[draw] = end(course, name);
            }
        }
        SequencedMap<String, Outlook> outlooks = new LinkedHashMap<>();
        plan.applications().forEach((name, application) -> outlooks.put(name, outlook(application, drawn(each, name))));
        Arrays.sort(all);
        return new PlanPrediction(
                plan.digest(),
                duration(quantile(all, 0.5)),
                duration(quantile(all, 0.1)),
                duration(quantile(all, 0.9)),
                likely.spans().entrySet().stream()
                        .map(span -> new Span(
                                span.getKey(),
                                duration(span.getValue().begin()),
                                duration(span.getValue().end())))
                        .toList(),
                likely.criticalPath(),
                outlooks,
                seed,
                PlanPrediction.Basis.NONE);
    }

    /**
     * What a tenth more of each resource would gain, on the most likely course.
     *
     * @param capacities a second
     * @return seconds that the recovery would be shorter, by resource that is limited
     */
    public Map<Resource, Double> gains(Map<Resource, Double> capacities) {
        drawnWork.clear();
        double now = course(capacities, name -> Drawn.LIKELY).seconds();
        Map<Resource, Double> gains = new EnumMap<>(Resource.class);
        for (Map.Entry<Resource, Double> each : capacities.entrySet()) {
            Map<Resource, Double> more = new EnumMap<>(capacities);
            more.put(each.getKey(), each.getValue() * 1.1);
            drawnWork.clear();
            gains.put(
                    each.getKey(),
                    Math.max(0, now - course(more, name -> Drawn.LIKELY).seconds()));
        }
        return gains;
    }

    private static double[] drawn(Map<String, double[]> each, String name) {
        return Objects.requireNonNull(each.get(name), "all were made");
    }

    private static Outlook outlook(PlannedApplication application, double[] ends) {
        double rto = application.objectives().rto().toMillis() / 1e3;
        double met = Arrays.stream(ends).filter(end -> end <= rto).count() / (double) ends.length;
        double[] sorted = ends.clone();
        Arrays.sort(sorted);
        return new Outlook(duration(quantile(sorted, 0.5)), duration(quantile(sorted, 0.9)), met);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    /** By how much a stage's own costs are higher than they are thought to be, and how long it takes beside them. */
    private record Drawn(double costs, double error) {

        static final Drawn LIKELY = new Drawn(0, 1);
    }

    /** By what share a stage's time is not known even where its costs are. */
    private interface Errors {
        double of(String stage);
    }

    private Errors errors(Map<Resource, Double> capacities) {
        Map<String, Double> errors = new HashMap<>();
        for (String application : plan.applications().keySet()) {
            stages(application).forEach(each -> errors.put(name(application, each.stage()), each.error(capacities)));
        }
        return name -> Objects.requireNonNull(errors.get(name), "all were asked");
    }

    private interface Draws {
        Drawn of(String stage);
    }

    private Draws draws(RandomGenerator random, Errors errors) {
        double machine = random.nextGaussian();
        double all = random.nextGaussian();
        Map<String, Drawn> own = new HashMap<>();
        for (String application : plan.applications().keySet()) {
            for (Work stage : stages(application)) {
                double costs = OF_THE_MACHINE * machine
                        + Math.sqrt(1 - OF_THE_MACHINE * OF_THE_MACHINE) * random.nextGaussian();
                double error = Math.exp(
                        (OF_THE_MACHINE * all + Math.sqrt(1 - OF_THE_MACHINE * OF_THE_MACHINE) * random.nextGaussian())
                                * Math.log1p(errors.of(name(application, stage.stage()))));
                own.put(name(application, stage.stage()), new Drawn(Math.clamp(costs, -MOST, MOST), error));
            }
        }
        return name -> Objects.requireNonNull(own.get(name), "all were drawn");
    }

    /** A simulated restore is not run anew for each draw: costs are drawn to a quarter of their spread. */
    private StageWork drawn(String name, Work work, Map<Resource, Double> capacities, double costs) {
        if (work instanceof StageWork) {
            return work.at(capacities, Math.exp(costs * Math.log1p(work.spread())));
        }
        double near = Math.rint(costs * FINE) / FINE;
        return drawnWork.computeIfAbsent(
                name + near, none -> work.at(capacities, Math.exp(near * Math.log1p(work.spread()))));
    }

    private List<Work> stages(String application) {
        return Objects.requireNonNull(work.get(application), "all are there");
    }

    private static String name(String application, Stage stage) {
        return application + "/" + stage;
    }

    private Course course(Map<Resource, Double> capacities, Draws draws) {
        List<Activity> activities = new ArrayList<>();
        for (PlannedApplication application : plan.applications().values()) {
            List<String> after = new ArrayList<>();
            application.after().forEach((other, need) -> after.add(awaited(other, need)));
            for (Work stage : stages(application.name())) {
                String name = name(application.name(), stage.stage());
                Drawn drawn = draws.of(name);
                StageWork alone = drawn(name, stage, capacities, drawn.costs());
                activities.add(activity(application.name(), name, alone, drawn.error(), after));
                after.clear();
                after.add(name);
            }
        }
        List<String> priority =
                plan.order().stream().map(PlannedApplication::name).toList();
        return new FluidSimulation(activities, capacities, plan.envelope().parallel(), priority).run();
    }

    private static Activity activity(
            String application, String name, StageWork stage, double error, List<String> after) {
        Map<Resource, Double> use = new EnumMap<>(Resource.class);
        if (stage.seconds() > 0) {
            stage.work().forEach((resource, amount) -> use.put(resource, amount / stage.seconds()));
        }
        return new Activity(name, application, stage.seconds() * error, use, after);
    }

    /** The stage of another application whose end is waited for. */
    private String awaited(String other, Need need) {
        List<Work> stages = stages(other);
        Work last = stages.getLast();
        if (need != Need.VERIFIED) {
            for (Work each : stages) {
                if (each.stage() != Stage.CHECK) {
                    last = each;
                }
            }
        }
        return name(other, last.stage());
    }

    private double end(Course course, String application) {
        return course.span(name(application, stages(application).getLast().stage()))
                .end();
    }
}
