package org.medbackup.recovery.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/**
 * What one stage of the recovery of one application takes on a machine where nothing else runs.
 *
 * @param stage which one
 * @param seconds that it takes then
 * @param work of each resource in all: bytes, or seconds of processor time
 * @param spread by what share its time is not known: 0.1 where two of three times lie within a tenth
 */
public record StageWork(Stage stage, double seconds, Map<Resource, Double> work, double spread) implements Work {

    public StageWork {
        if (!(seconds >= 0) || !(spread >= 0) || work.values().stream().anyMatch(each -> !(each >= 0))) {
            throw new IllegalArgumentException("times, work and spreads are not below zero");
        }
        Map<Resource, Double> all = new EnumMap<>(Resource.class);
        all.putAll(work);
        work = Collections.unmodifiableMap(all);
    }

    @Override
    public double error(Map<Resource, Double> capacities) {
        return 0;
    }

    @Override
    public StageWork at(Map<Resource, Double> capacities, double factor) {
        return new StageWork(stage, seconds * factor, work, spread);
    }
}
