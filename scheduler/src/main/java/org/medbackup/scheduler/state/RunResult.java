package org.medbackup.scheduler.state;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. Immutable.
 *
 * @param state an end
 * @param goodPoint the moment that its restore point holds, where there is a good one
 * @param targets at which that restore point lies; the repository itself is the empty name
 * @param failure name of the error code, where it did not succeed
 * @param snapshots ids of its restore points
 */
public record RunResult(
        RunState state,
        @Nullable Instant goodPoint,
        Set<String> targets,
        @Nullable String failure,
        List<String> snapshots) {

    public RunResult {
        if (state.isOpen()) {
            throw new IllegalArgumentException("not an end: " + state);
        }
        targets = Set.copyOf(targets);
        snapshots = List.copyOf(snapshots);
    }

    /** One of which the ids of its restore points do not matter. */
    public RunResult(RunState state, @Nullable Instant goodPoint, Set<String> targets, @Nullable String failure) {
        this(state, goodPoint, targets, failure, List.of());
    }

    /** The same with the ids of what it made, whether that is good or not. */
    public RunResult with(List<String> made) {
        return new RunResult(state, goodPoint, targets, failure, made);
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
