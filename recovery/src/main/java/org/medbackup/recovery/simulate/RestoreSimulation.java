package org.medbackup.recovery.simulate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;

/**
 * Runs a restore through the reads of its plan, as the engine does: workers take them in order, fetch, and open and write what
 * was fetched; what is limited is shared by those that want it at the same moment. So a bottleneck that changes on the way,
 * from many small files to large images, is found, which sums over the whole restore hide. A limit repays stalls of up to half
 * a second at twice its pace, as the governor's do, so that phases that are shorter than that cost nothing. For one run; of one
 * thread.
 */
public final class RestoreSimulation {

    private static final double NOTHING = 1e-9;
    /** Stalls that a limit repays, in seconds of its pace, and how much quicker it does. */
    private static final double CREDIT = 0.5;

    private static final double PEAK = 2;

    private static final Resource[] RESOURCES = {Resource.READ, Resource.WRITE, Resource.PROCESSOR};

    private final RestoreSteps steps;
    private final RestoreCosts costs;
    private final double[] capacities = new double[RESOURCES.length];
    private final double[] credits = new double[RESOURCES.length];
    private final double[] saturated = new double[RESOURCES.length];
    private final Worker[] workers;
    private int next;
    private double now;

    /**
     * One that has not run.
     *
     * @param costs where nothing is limited
     * @param capacities a second; a resource that is not named has no limit
     */
    public RestoreSimulation(RestoreSteps steps, RestoreCosts costs, Map<Resource, Double> capacities) {
        this.steps = steps;
        this.costs = costs;
        for (int i = 0; i < RESOURCES.length; i++) {
            this.capacities[i] = capacities.getOrDefault(RESOURCES[i], Double.POSITIVE_INFINITY);
            if (!(this.capacities[i] > 0)) {
                throw new IllegalArgumentException("capacities are above zero");
            }
        }
        this.workers = new Worker[steps.workers()];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker();
        }
    }

    /**
     * How it went.
     *
     * @param seconds in all
     * @param used of each resource
     * @param saturated seconds in which each resource was used up
     */
    public record Ran(double seconds, Map<Resource, Double> used, Map<Resource, Double> saturated) {

        public Ran {
            used = Collections.unmodifiableMap(new EnumMap<>(used));
            saturated = Collections.unmodifiableMap(new EnumMap<>(saturated));
        }
    }

    /** Processor time is not repaid: what a thread did not use is gone. */
    private double credit(int resource) {
        return RESOURCES[resource] == Resource.PROCESSOR ? 0 : CREDIT * capacities[resource];
    }

    /** Of what a worker does, one part at a time: what is still to do of it, and what it takes of each resource a second. */
    private static final class Worker {
        private double seconds;
        private final double[] use = new double[RESOURCES.length];
        private int window = -1;
        private boolean busy;
        private boolean fetching;
        private int step;
    }

    /** Runs to the end. */
    public Ran run() {
        begin();
        List<Step> all = steps.steps();
        while (true) {
            for (Worker each : workers) {
                take(each, all);
            }
            double[] levels = levels();
            double least = Double.POSITIVE_INFINITY;
            boolean busy = false;
            for (int i = 0; i < workers.length; i++) {
                if (workers[i].busy) {
                    busy = true;
                    least = Math.min(least, workers[i].seconds / levels[i]);
                }
            }
            if (!busy) {
                return ran();
            }
            advance(levels, Math.min(least, untilCreditIsUsed(levels)));
        }
    }

    private Ran ran() {
        Map<Resource, Double> used = new EnumMap<>(Resource.class);
        used.put(Resource.READ, (double) steps.fetched());
        used.put(Resource.WRITE, (double) steps.written());
        used.put(
                Resource.PROCESSOR,
                costs.processorStart()
                        + steps.entries() * costs.processorPerEntry()
                        + steps.written() * costs.processorPerByte());
        Map<Resource, Double> full = new EnumMap<>(Resource.class);
        for (int i = 0; i < RESOURCES.length; i++) {
            if (saturated[i] > 0) {
                full.put(RESOURCES[i], saturated[i]);
            }
        }
        return new Ran(now, used, full);
    }

    /** The start, with the names and indexes that are read in it. */
    private void begin() {
        double read = steps.metadata() / capacities[0];
        double processor = costs.processorStart() / capacities[2];
        double seconds = Math.max(costs.start(), Math.max(read, processor));
        if (seconds > costs.start() + NOTHING) {
            saturated[read >= processor ? 0 : 2] += seconds;
        }
        now = seconds;
    }

    private void take(Worker worker, List<Step> all) {
        if (worker.busy || next >= all.size()) {
            return;
        }
        Step step = all.get(next);
        for (Worker each : workers) {
            if (each.busy && each.window != step.window()) {
                return;
            }
        }
        worker.busy = true;
        worker.window = step.window();
        worker.step = next++;
        fetch(worker, step);
    }

    /** What a byte costs a worker is its fetching by half. */
    private double fetching(Step step) {
        return Math.min(step.fetched(), step.written()) * costs.perByte() / 2;
    }

    private void fetch(Worker worker, Step step) {
        worker.fetching = true;
        worker.seconds = Math.max(fetching(step), NOTHING * 10);
        worker.use[0] = step.fetched() / worker.seconds;
        worker.use[1] = 0;
        worker.use[2] = 0;
    }

    private void process(Worker worker, Step step) {
        double alone = step.entries() * costs.perEntry() + step.written() * costs.perByte() - fetching(step);
        double processor = step.entries() * costs.processorPerEntry() + step.written() * costs.processorPerByte();
        worker.fetching = false;
        worker.seconds = Math.max(alone, NOTHING * 10);
        worker.use[0] = 0;
        worker.use[1] = step.written() / worker.seconds;
        worker.use[2] = processor / worker.seconds;
    }

    private double used(double[] levels, int resource) {
        double use = 0;
        for (int i = 0; i < workers.length; i++) {
            use += workers[i].busy ? workers[i].use[resource] * levels[i] : 0;
        }
        return use;
    }

    private double untilCreditIsUsed(double[] levels) {
        double least = Double.POSITIVE_INFINITY;
        for (int resource = 0; resource < RESOURCES.length; resource++) {
            double beyond = used(levels, resource) - capacities[resource];
            if (hasCredit(resource) && beyond > NOTHING * capacities[resource]) {
                least = Math.min(least, credits[resource] / beyond);
            }
        }
        return least;
    }

    /** Less than a millionth of it is none. */
    private boolean hasCredit(int resource) {
        return credits[resource] > credit(resource) * 1e-6;
    }

    private double capacity(int resource) {
        return hasCredit(resource) ? PEAK * capacities[resource] : capacities[resource];
    }

    private void advance(double[] levels, double seconds) {
        for (int resource = 0; resource < RESOURCES.length; resource++) {
            if (capacities[resource] == Double.POSITIVE_INFINITY) {
                continue;
            }
            double use = used(levels, resource);
            if (use >= capacities[resource] * (1 - 1e-9)) {
                saturated[resource] += seconds;
            }
            credits[resource] =
                    Math.clamp(credits[resource] + seconds * (capacities[resource] - use), 0, credit(resource));
        }
        now += seconds;
        for (int i = 0; i < workers.length; i++) {
            Worker each = workers[i];
            if (each.busy) {
                each.seconds -= seconds * levels[i];
                if (each.seconds <= NOTHING) {
                    if (each.fetching) {
                        process(each, steps.steps().get(each.step));
                    } else {
                        each.busy = false;
                    }
                }
            }
        }
    }

    /** The speed of each worker, as a part of its own full one: max-min fair, as in {@link FluidSimulation}. */
    private double[] levels() {
        double[] levels = new double[workers.length];
        boolean[] rising = new boolean[workers.length];
        double[] free = new double[RESOURCES.length];
        for (int i = 0; i < RESOURCES.length; i++) {
            free[i] = capacity(i);
        }
        boolean[] scarce = {true, true, true};
        int left = 0;
        for (int i = 0; i < workers.length; i++) {
            rising[i] = workers[i].busy;
            left += rising[i] ? 1 : 0;
        }
        double level = 0;
        while (left > 0) {
            double rise = 1 - level;
            int full = -1;
            for (int resource = 0; resource < RESOURCES.length; resource++) {
                double use = scarce[resource] ? use(rising, resource) : 0;
                if (use > 0 && free[resource] / use < rise) {
                    rise = free[resource] / use;
                    full = resource;
                }
            }
            level += rise;
            for (int resource = 0; resource < RESOURCES.length; resource++) {
                if (scarce[resource] && free[resource] < Double.POSITIVE_INFINITY) {
                    free[resource] = Math.max(0, free[resource] - use(rising, resource) * rise);
                }
            }
            for (int i = 0; i < workers.length; i++) {
                if (rising[i] && (full < 0 || workers[i].use[full] > 0)) {
                    rising[i] = false;
                    levels[i] = Math.max(level, 1e-12);
                    left--;
                }
            }
            if (full >= 0) {
                scarce[full] = false;
            }
        }
        return levels;
    }

    /** What those use at full speed that can still be raised. */
    private double use(boolean[] rising, int resource) {
        double use = 0;
        for (int i = 0; i < workers.length; i++) {
            use += rising[i] ? workers[i].use[resource] : 0;
        }
        return use;
    }
}
