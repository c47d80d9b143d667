package org.medbackup.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.LockResult;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;

/**
 * Retention locks: who has all credentials of a target cannot take away what they hold. They are set with the bytes; here they
 * are made to last for what is needed further, and asked for. Safe for use by several threads.
 */
public final class LockOperations {

    private final Repositories repositories;
    private final Function<Repository, ? extends PlacementPolicy> policy;

    LockOperations(Repositories repositories, Function<Repository, ? extends PlacementPolicy> policy) {
        this.repositories = repositories;
        this.policy = policy;
    }

    /**
     * How one restore point is locked.
     *
     * @param source of the restore point
     * @param locks of what it needs
     */
    public record Locked(String source, LockResult locks) {}

    /** Whether a target is set up to lock. */
    boolean areAt(String location) {
        try (ObjectStore store = repositories.open(location, Throttle.none())) {
            return store.locks().isPresent();
        }
    }

    /**
     * Asks the target how what restore points need is locked; changes nothing. One question for each object.
     *
     * @param snapshots as {@link Repository#find} takes them; none for all
     * @throws org.medbackup.core.error.UsageException with {@link org.medbackup.core.error.ErrorCode#LOCKS_UNAVAILABLE}
     */
    public List<Locked> report(RepositoryAccess access, List<String> snapshots) {
        return each(
                access,
                "worm-report",
                (repository, log) -> chosen(repository, snapshots, log),
                (repository, id, log) -> repository.locks().report(id, log));
    }

    /**
     * Makes the locks of what restore points need last as the policy in force demands.
     *
     * @param snapshots as of {@link #report}
     * @throws org.medbackup.core.error.UsageException as of {@link #report}
     */
    public List<Locked> extend(RepositoryAccess access, List<String> snapshots) {
        return extend(access, (repository, log) -> chosen(repository, snapshots, log));
    }

    /**
     * As {@link #extend}, also of all that a legal hold covers.
     *
     * @param snapshots at least one
     */
    List<Locked> extendWithHeld(RepositoryAccess access, List<String> snapshots) {
        return extend(access, (repository, log) -> {
            Map<String, Snapshot> needed = new LinkedHashMap<>();
            chosen(repository, snapshots, log).forEach(each -> needed.put(each.id(), each));
            for (LegalHold hold : repository.holds().list()) {
                repository.holds().covered(hold, log).forEach(each -> needed.put(each.id(), each));
            }
            return List.copyOf(needed.values());
        });
    }

    private List<Locked> extend(RepositoryAccess access, Choice choice) {
        return each(
                access,
                "worm-extend",
                choice,
                (repository, id, log) -> repository.locks().extend(id, policy.apply(repository), log));
    }

    private interface Work {
        LockResult of(Repository repository, String snapshot, OperationLog log);
    }

    private interface Choice {
        List<Snapshot> of(Repository repository, OperationLog log);
    }

    private static List<Snapshot> chosen(Repository repository, List<String> snapshots, OperationLog log) {
        return snapshots.isEmpty()
                ? repository.snapshots(log)
                : snapshots.stream().map(each -> repository.find(each, log)).toList();
    }

    private List<Locked> each(RepositoryAccess access, String action, Choice choice, Work work) {
        return repositories.on(
                access,
                action,
                Facts.NONE,
                (repository, log) -> {
                    var locked = new ArrayList<Locked>();
                    for (Snapshot each : choice.of(repository, log)) {
                        locked.add(new Locked(each.source(), work.of(repository, each.id(), log)));
                    }
                    return List.copyOf(locked);
                },
                LockOperations::ending);
    }

    private static Ending ending(List<Locked> all) {
        long whole = all.stream().filter(each -> each.locks().isWhole()).count();
        long extended = all.stream().mapToLong(each -> each.locks().extended()).sum();
        return Ending.success(
                Facts.of("snapshots", all.size()).and("whole", whole).and("extended", extended));
    }
}
