package org.medbackup.recovery.plan;

import java.util.EnumMap;
import java.util.Map;
import org.medbackup.engine.RestorePlan;
import org.medbackup.recovery.RestoreRates;
import org.medbackup.recovery.simulate.Resource;

/** What the restore of a restore point takes on a machine of which a probe has measured the rates. */
public final class RestoreWork {

    /** A probe of seconds knows no better; see {@link org.medbackup.recovery.RestorePredictor}. */
    private static final double LEAST_SPREAD = 0.2;

    private RestoreWork() {}

    /**
     * The stage of restoring.
     *
     * @param plan of the restore
     * @param rates of this machine and this target
     */
    public static StageWork of(RestorePlan plan, RestoreRates rates) {
        double seconds =
                rates.start().toNanos() / 1e9 + plan.files() * rates.perFile() + plan.bytes() * rates.perByte();
        Map<Resource, Double> work = new EnumMap<>(Resource.class);
        work.put(Resource.READ, (double) plan.fetched());
        work.put(Resource.WRITE, (double) plan.bytes());
        return new StageWork(StageWork.Stage.RESTORE, seconds, work, Math.max(LEAST_SPREAD, rates.spread()));
    }
}
