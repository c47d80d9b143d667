package org.medbackup.recovery;

import java.time.Duration;
import java.util.List;
import org.medbackup.engine.RestorePlan;

/**
 * Predicts a restore: {@code start + files · perFile + bytes · perByte}.
 *
 * <p>The interval is as wide as the measurements of the rates differed, and never narrower than a quarter: these rates
 * come from a probe of seconds, not from restores of hours.
 */
public final class RestorePredictor {

    private static final double LEAST_SPREAD = 0.25;
    private static final double MOST_SPREAD = 0.9;

    private RestorePredictor() {}

    /** How long a planned restore will take. */
    public static Prediction predict(RestorePlan plan, RestoreRates rates) {
        Duration names = seconds(plan.files() * rates.perFile());
        Duration data = seconds(plan.bytes() * rates.perByte());
        Duration all = rates.start().plus(names).plus(data);
        double spread = Math.clamp(rates.spread(), LEAST_SPREAD, MOST_SPREAD);
        return new Prediction(
                all,
                seconds(all.toNanos() / 1e9 * (1 - spread)),
                seconds(all.toNanos() / 1e9 * (1 + spread)),
                List.of(
                        new Prediction.Stage("start", rates.start()),
                        new Prediction.Stage("files", names),
                        new Prediction.Stage("data", data)));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
