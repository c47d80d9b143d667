package org.medbackup.scheduler.state;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Immutable.
 *
 * @param state an end
 * @param goodPoint the moment that its restore point holds, where there is a good one
 * @param targets at which that restore point lies; the repository itself is the empty name
 * @param failure name of the error code, where it did not succeed
 */
public record RunResult(
        RunState state,
        @Nullable Instant goodPoint,
        Set<String> targets,
        @Nullable String failure) {

    public RunResult {
        if (state.isOpen()) {
            throw new IllegalArgumentException("not an end: " + state);
        }
        targets = Set.copyOf(targets);
    }

    /** One that made a good restore point in the repository. */
    public static RunResult good(Instant point) {
        return new RunResult(RunState.SUCCEEDED, point, Set.of(""), null);
    }

    /** One that made none. */
    public static RunResult without(RunState state, @Nullable String failure) {
        return new RunResult(state, null, Set.of(), failure);
    }
}
