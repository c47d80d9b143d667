package org.medbackup.service;

import java.util.List;
import java.util.function.Function;
import org.medbackup.core.event.Facts;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Suspicion;
import org.medbackup.service.Operations.Ending;

/**
 * Restore points that show signs of ransomware: which they are, and that a person has cleared one. Safe for use by several
 * threads.
 */
public final class AnomalyOperations {

    private final Settings settings;
    private final Repositories repositories;
    private final AnomalyWatch watch;
    private final HoldOperations copies;
    private final Function<Repository, ? extends PlacementPolicy> policy;

    AnomalyOperations(
            Settings settings,
            Repositories repositories,
            AnomalyWatch watch,
            HoldOperations copies,
            Function<Repository, ? extends PlacementPolicy> policy) {
        this.settings = settings;
        this.repositories = repositories;
        this.watch = watch;
        this.copies = copies;
        this.policy = policy;
    }

    /** Those that are suspect, in the order in which they were found. */
    public List<Suspicion> list(RepositoryAccess access) {
        return repositories.on(
                access,
                "anomaly-list",
                Facts.NONE,
                (repository, log) -> repository.suspicions().standing(),
                found -> Ending.success(Facts.of("suspect", found.size())));
    }

    /**
     * Clears one: a person has looked and vouches for it. Its source is not frozen any more where nothing else of it is suspect,
     * and what it did counts as usual for it.
     *
     * @param snapshot id, or its beginning
     * @param reason stands sealed in the repository alone
     * @return what was said of it
     */
    public Suspicion clear(RepositoryAccess access, String snapshot, String reason) {
        return repositories.on(
                access,
                "anomaly-clear",
                Facts.NONE,
                (repository, log) -> {
                    Suspicion cleared = repository
                            .suspicions()
                            .clear(snapshot, reason, settings.actor().name(), policy.apply(repository));
                    copies.brought(repository, access, log);
                    watch.cleared(repository, cleared);
                    return cleared;
                },
                cleared -> Ending.success(
                        Facts.of("snapshot", cleared.snapshot()).and("signs", String.join(",", cleared.signs()))));
    }
}
