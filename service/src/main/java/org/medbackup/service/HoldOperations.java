package org.medbackup.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;

/**
 * Legal holds: as long as one stands, nobody gives up a restore point that it covers, at the repository and at every copy of it.
 * Whoever has the password places and releases them; the audit trail has who and when, and never for what. Safe for use by
 * several threads.
 */
public final class HoldOperations {

    private final Settings settings;
    private final Repositories repositories;
    private final Function<Repository, ? extends PlacementPolicy> policy;
    private final Supplier<Configuration> configuration;

    HoldOperations(
            Settings settings,
            Repositories repositories,
            Function<Repository, ? extends PlacementPolicy> policy,
            Supplier<Configuration> configuration) {
        this.settings = settings;
        this.repositories = repositories;
        this.policy = policy;
        this.configuration = configuration;
    }

    /**
     * A hold, and what it covers now.
     *
     * @param hold which one
     * @param snapshots ids of the restore points that it covers, oldest first
     * @param absent targets of the configuration that have a copy and do not know of it yet, with the reason; the next copy
     *     that is made there brings it along
     */
    public record Held(LegalHold hold, List<String> snapshots, Map<String, ErrorCode> absent) {

        public Held {
            snapshots = List.copyOf(snapshots);
            absent = Map.copyOf(absent);
        }
    }

    /**
     * Places one.
     *
     * @param matter for which; stands sealed in the repository alone
     * @param selector which restore points; of those it names, each as {@link Repository#find} takes it
     */
    public Held place(RepositoryAccess access, String matter, LegalHold.Selector selector) {
        return repositories.on(
                access,
                "hold-place",
                Facts.NONE,
                (repository, log) -> {
                    LegalHold hold = repository
                            .holds()
                            .place(
                                    matter,
                                    settings.actor().name(),
                                    whole(repository, selector, log),
                                    policy.apply(repository));
                    return held(repository, hold, brought(repository, access, log), log);
                },
                HoldOperations::ending);
    }

    /** Of restore points that are named the whole ids. */
    private static LegalHold.Selector whole(Repository repository, LegalHold.Selector named, OperationLog log) {
        Set<String> ids = new HashSet<>();
        named.snapshots().forEach(text -> ids.add(repository.find(text, log).id()));
        return new LegalHold.Selector(ids, named.source(), named.host(), named.paths(), named.from(), named.until());
    }

    /**
     * Releases one.
     *
     * @param id of it, or the beginning
     * @param reason stands sealed in the repository alone
     */
    public Held release(RepositoryAccess access, String id, String reason) {
        return repositories.on(
                access,
                "hold-release",
                Facts.NONE,
                (repository, log) -> {
                    LegalHold hold = repository
                            .holds()
                            .release(id, reason, settings.actor().name(), policy.apply(repository));
                    return held(repository, hold, brought(repository, access, log), log);
                },
                HoldOperations::ending);
    }

    private static Ending ending(Held held) {
        return Ending.success(Facts.of("hold", held.hold().id())
                .and("snapshots", held.snapshots().size())
                .and("absent", held.absent().size()));
    }

    /** Those that stand. */
    public List<Held> list(RepositoryAccess access) {
        return repositories.on(
                access,
                "hold-list",
                Facts.NONE,
                (repository, log) -> {
                    var all = new ArrayList<Held>();
                    for (LegalHold each : repository.holds().list()) {
                        all.add(held(repository, each, Map.of(), log));
                    }
                    return List.copyOf(all);
                },
                all -> Ending.success(Facts.of("holds", all.size())));
    }

    private static Held held(Repository repository, LegalHold hold, Map<String, ErrorCode> absent, OperationLog log) {
        List<String> ids =
                repository.holds().covered(hold, log).stream().map(Snapshot::id).toList();
        return new Held(hold, ids, absent);
    }

    /** Lets every copy know; those that could not be told, by their names. */
    Map<String, ErrorCode> brought(Repository repository, RepositoryAccess access, OperationLog log) {
        Map<String, ErrorCode> absent = new TreeMap<>();
        Configuration now = configuration.get();
        for (String name : now.targets().keySet()) {
            String location = Objects.requireNonNull(now.targets().get(name), "it is one of its names");
            if (now.tiers().containsValue(name) || Stores.isSame(location, access.location())) {
                continue;
            }
            try (ObjectStore copy = repositories.open(location, Throttle.none())) {
                repository.holds().bring(copy, policy.apply(repository), log);
            } catch (BackupException failed) {
                // What lies at another repository's target is not a copy of this one.
                if (failed.code() != ErrorCode.REPOSITORY_EXISTS) {
                    absent.put(name, failed.code());
                }
            }
        }
        return absent;
    }
}
