package org.medbackup.recovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.recovery.simulate.RestoreSimulation;

/**
 * Predicts a restore where nothing is limited: what its steps take by what they cost here.
 *
 * <p>The interval is as wide as the measurements of the costs differed, and never narrower than a quarter: they come from a
 * probe of seconds, not from restores of hours.
 */
public final class RestorePredictor {

    private static final double LEAST_SPREAD = 0.25;
    private static final double MOST_SPREAD = 0.9;

    private RestorePredictor() {}

    /** How long a planned restore will take. */
    public static Prediction predict(RestoreSteps steps, RestoreCosts costs) {
        double all = new RestoreSimulation(steps, costs, Map.of()).run().seconds();
        double start = Math.min(all, costs.start());
        double names = steps.entries() * costs.perEntry();
        double data = steps.written() * costs.perByte();
        double share = names + data > 0 ? names / (names + data) : 0;
        double spread = Math.clamp(costs.spread(), LEAST_SPREAD, MOST_SPREAD);
        return new Prediction(
                seconds(all),
                seconds(all * (1 - spread)),
                seconds(all * (1 + spread)),
                List.of(
                        new Prediction.Stage("start", seconds(start)),
                        new Prediction.Stage("files", seconds((all - start) * share)),
                        new Prediction.Stage("data", seconds((all - start) * (1 - share)))));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
