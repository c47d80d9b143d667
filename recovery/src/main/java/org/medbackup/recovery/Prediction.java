package org.medbackup.recovery;

import java.time.Duration;
import java.util.List;

/**
 * How long something is expected to take.
 *
 * @param expected the most likely time
 * @param low about one in ten will be faster
 * @param high about one in ten will be slower
 * @param stages what the expected time is made of, in order
 */
public record Prediction(Duration expected, Duration low, Duration high, List<Stage> stages) {

    public Prediction {
        stages = List.copyOf(stages);
        if (low.compareTo(expected) > 0 || high.compareTo(expected) < 0) {
            throw new IllegalArgumentException("the expected time lies between the low and the high one");
        }
    }

    /** A part of the time. */
    public record Stage(String name, Duration expected) {}

    /** This, and then something else. */
    public Prediction then(Prediction next) {
        var all = new java.util.ArrayList<>(stages);
        all.addAll(next.stages);
        return new Prediction(expected.plus(next.expected), low.plus(next.low), high.plus(next.high), all);
    }

    /** One stage, known to a share: 0.2 for a fifth more or less. */
    public static Prediction of(String name, Duration expected, double spread) {
        if (!(spread >= 0 && spread < 1)) {
            throw new IllegalArgumentException("a spread is at least 0 and below 1");
        }
        long nanos = expected.toNanos();
        return new Prediction(
                expected,
                Duration.ofNanos((long) (nanos * (1 - spread))),
                Duration.ofNanos((long) (nanos * (1 + spread))),
                List.of(new Stage(name, expected)));
    }
}
