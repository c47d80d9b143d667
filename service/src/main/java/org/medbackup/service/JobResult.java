package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.DamageException;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Trouble;

/**
 * What came of a job.
 *
 * @param name in the configuration
 * @param state how it ended
 * @param snapshots ids of the new restore points: one, or one for each member of a group; none where it failed
 * @param target name of the target that has them; {@link org.medbackup.core.spi.store.CopyLedger#REPOSITORY} for the
 *     repository itself
 * @param frozen how long applications were frozen at most
 * @param attempts how often the backup was tried
 * @param took in all
 * @param troubles what failed on the way and what was done about it, in order
 * @param missingCopies how many copies of its restore points are still to be made
 * @param point the moment that the new restore points hold, or one just before it; null where there are none
 */
public record JobResult(
        String name,
        JobState state,
        List<String> snapshots,
        String target,
        Duration frozen,
        int attempts,
        Duration took,
        List<Trouble> troubles,
        int missingCopies,
        @Nullable Instant point) {

    public JobResult {
        snapshots = List.copyOf(snapshots);
        troubles = List.copyOf(troubles);
    }

    /** The same after something that was met before it began. */
    JobResult after(Trouble trouble) {
        var all = new ArrayList<Trouble>();
        all.add(trouble);
        all.addAll(troubles);
        return new JobResult(name, state, snapshots, target, frozen, attempts, took, all, missingCopies, point);
    }

    /** Why a stage was given up: for damage where any was, else the last of them; empty where none was. */
    public Optional<Trouble> reason() {
        List<Trouble> given =
                troubles.stream().filter(each -> each.action() == Action.STOP).toList();
        return given.stream()
                .filter(each -> each.cause() instanceof DamageException)
                .findFirst()
                .or(() -> given.isEmpty() ? Optional.empty() : Optional.of(given.getLast()));
    }
}
