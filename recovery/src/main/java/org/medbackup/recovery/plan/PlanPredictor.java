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
import org.medbackup.recovery.plan.StageWork.Stage;
import org.medbackup.recovery.simulate.Activity;
import org.medbackup.recovery.simulate.Course;
import org.medbackup.recovery.simulate.FluidSimulation;
import org.medbackup.recovery.simulate.Resource;

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

    private final RecoveryPlan plan;
    private final Map<String, List<StageWork>> work;
    private final long seed;

    /**
     * One for a plan.
     *
     * @param work stages of each application in their order, by its name
     * @param seed of the draws
     */
    public PlanPredictor(RecoveryPlan plan, Map<String, List<StageWork>> work, long seed) {
        if (!work.keySet().containsAll(plan.applications().keySet())) {
            throw new IllegalArgumentException("each application of the plan needs its work");
        }
        this.plan = plan;
        this.work = Map.copyOf(work);
        this.seed = seed;
    }

    /** Predicts. */
    public PlanPrediction predict() {
        return predict(capacities(plan.envelope()));
    }

    /**
     * What it would be with other links, disks or processors.
     *
     * @param capacities a second; a resource that is not named has no limit
     */
    public PlanPrediction predict(Map<Resource, Double> capacities) {
        Course likely = course(capacities, name -> 1);
        var random = new SplittableRandom(seed);
        double[] all = new double[DRAWS];
        Map<String, double[]> each = new HashMap<>();
        plan.applications().keySet().forEach(name -> each.put(name, new double[DRAWS]));
        for (int draw = 0; draw < DRAWS; draw++) {
            Course course = course(capacities, factors(random));
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
                seed);
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

    private static Map<Resource, Double> capacities(Envelope envelope) {
        Map<Resource, Double> capacities = new EnumMap<>(Resource.class);
        if (envelope.read() > 0) {
            capacities.put(Resource.READ, (double) envelope.read());
        }
        if (envelope.write() > 0) {
            capacities.put(Resource.WRITE, (double) envelope.write());
        }
        if (envelope.processors() > 0) {
            capacities.put(Resource.PROCESSOR, envelope.processors());
        }
        return capacities;
    }

    /** By what factor a stage takes longer than it is thought to. */
    private interface Factors {
        double of(String stage);
    }

    private Factors factors(RandomGenerator random) {
        double machine = random.nextGaussian();
        Map<String, Double> own = new HashMap<>();
        for (Map.Entry<String, PlannedApplication> each : plan.applications().entrySet()) {
            for (StageWork stage : stages(each.getKey())) {
                double gauss = OF_THE_MACHINE * machine
                        + Math.sqrt(1 - OF_THE_MACHINE * OF_THE_MACHINE) * random.nextGaussian();
                own.put(name(each.getKey(), stage.stage()), Math.exp(gauss * Math.log1p(stage.spread())));
            }
        }
        return name -> Objects.requireNonNull(own.get(name), "all were drawn");
    }

    private List<StageWork> stages(String application) {
        return Objects.requireNonNull(work.get(application), "all are there");
    }

    private static String name(String application, Stage stage) {
        return application + "/" + stage;
    }

    private Course course(Map<Resource, Double> capacities, Factors factors) {
        List<Activity> activities = new ArrayList<>();
        for (PlannedApplication application : plan.applications().values()) {
            List<String> after = new ArrayList<>();
            application.after().forEach((other, need) -> after.add(awaited(other, need)));
            for (StageWork stage : stages(application.name())) {
                String name = name(application.name(), stage.stage());
                activities.add(activity(application.name(), name, stage, factors.of(name), after));
                after.clear();
                after.add(name);
            }
        }
        List<String> priority =
                plan.order().stream().map(PlannedApplication::name).toList();
        return new FluidSimulation(activities, capacities, plan.envelope().parallel(), priority).run();
    }

    private static Activity activity(
            String application, String name, StageWork stage, double factor, List<String> after) {
        double seconds = stage.seconds() * factor;
        Map<Resource, Double> use = new EnumMap<>(Resource.class);
        if (seconds > 0) {
            stage.work().forEach((resource, amount) -> use.put(resource, amount / seconds));
        }
        return new Activity(name, application, seconds, use, after);
    }

    /** The stage of another application whose end is waited for. */
    private String awaited(String other, Need need) {
        List<StageWork> stages = stages(other);
        StageWork last = stages.getLast();
        if (need != Need.VERIFIED) {
            for (StageWork each : stages) {
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
