package org.medbackup.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.recovery.Prediction;

/**
 * What the demo did.
 *
 * @param steps in order; the last is the one that failed, where one did
 * @param snapshots ids of the restore points
 * @param predicted how long the restore was expected to take, or null where it did not get so far
 * @param actual how long it took, or null where it did not get so far
 * @param report the JSON document of the compliance report, or what is on record of the steps where it did not get so far; null
 *     where everything was removed
 */
public record DemoResult(
        List<Step> steps,
        List<String> snapshots,
        @Nullable Prediction predicted,
        @Nullable Duration actual,
        @Nullable Path report) {

    public DemoResult {
        steps = List.copyOf(steps);
        snapshots = List.copyOf(snapshots);
    }

    /**
     * One step.
     *
     * @param name what was done
     * @param ok whether it came out right
     * @param took how long it took
     * @param message what came out, in a line
     */
    public record Step(String name, boolean ok, Duration took, String message) {}

    public boolean isRight() {
        return !steps.isEmpty() && steps.stream().allMatch(Step::ok);
    }
}
