package org.medbackup.recovery.plan;

import java.util.EnumMap;
import java.util.Map;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.recovery.learn.Experience;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Limiting;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.RestoreSimulation;
import org.medbackup.recovery.simulate.Stage;

/**
 * The restore of the data of one application: its steps, what they cost here, and what earlier drills have taught of how such
 * times come out.
 *
 * @param steps of the restore
 * @param costs on this machine
 * @param experience of this target
 */
public record RestoreWork(RestoreSteps steps, RestoreCosts costs, Experience experience) implements Work {

    /** A probe of seconds knows no better; see {@link org.medbackup.recovery.RestorePredictor}. */
    private static final double LEAST_SPREAD = 0.1;

    @Override
    public Stage stage() {
        return Stage.RESTORE;
    }

    @Override
    public double spread() {
        Experience.Correction learned = experience.restore(Limiting.NOTHING, isSmall());
        return learned.drills() > 0
                ? learned.spread()
                : Math.max(learned.spread(), Math.max(LEAST_SPREAD, costs.spread()));
    }

    @Override
    public double error(Map<Resource, Double> capacities) {
        Limiting limiting = Limiting.of(simulated(capacities, 1));
        // Where the machine decides, all of what is not known is in the costs.
        return limiting == Limiting.NOTHING ? 0 : correction(limiting).spread();
    }

    /** Whether it is small files, each of which costs as much as many bytes. */
    public boolean isSmall() {
        return steps.written() < steps.entries() * Lesson.SMALL;
    }

    /** What drills have taught of restores like this one. */
    public Experience.Correction correction(Limiting limiting) {
        return experience.restore(limiting, isSmall());
    }

    /** What the simulation alone says, without what drills have taught. */
    public RestoreSimulation.Ran simulated(Map<Resource, Double> capacities, double factor) {
        return new RestoreSimulation(steps, costs.times(factor), capacities).run();
    }

    @Override
    public StageWork at(Map<Resource, Double> capacities, double factor) {
        RestoreSimulation.Ran ran = simulated(capacities, factor);
        double seconds = ran.seconds() * correction(Limiting.of(ran)).factor();
        Map<Resource, Double> work = new EnumMap<>(Resource.class);
        // What drills have taught of a limit is not taken back by the same limit.
        ran.used()
                .forEach((resource, used) -> work.put(
                        resource,
                        Math.min(used, seconds * capacities.getOrDefault(resource, Double.POSITIVE_INFINITY))));
        return new StageWork(Stage.RESTORE, seconds, work, spread());
    }
}
