package org.medbackup.service;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Limits;
import org.medbackup.governor.WorkClass;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.config.Configuration;

/** Opens repositories for operations. Safe for use by several threads. */
final class Repositories {

    private final Settings settings;
    private final Path state;
    private final Secret hostKey;
    private final Operations operations;
    private final Yielding yielding;
    private final Stores stores;
    private final Supplier<Optional<PolicyInForce>> policy;
    private final Supplier<Configuration> configuration;
    private final AccessControl control;
    private final AccessGuard guard;

    Repositories(
            Settings settings,
            Path state,
            Secret hostKey,
            Operations operations,
            Yielding yielding,
            Stores stores,
            Supplier<Optional<PolicyInForce>> policy,
            Supplier<Configuration> configuration,
            AccessControl control,
            AccessGuard guard) {
        this.control = control;
        this.guard = guard;
        this.policy = policy;
        this.configuration = configuration;
        this.settings = settings;
        this.stores = stores;
        this.state = state;
        this.hostKey = hostKey;
        this.operations = operations;
        this.yielding = yielding;
    }

    /** The same for operations that use no more than this, beside the limits of this process. */
    Repositories limitedTo(Limits own) {
        return new Repositories(
                settings.limitedTo(own),
                state,
                hostKey,
                operations,
                yielding,
                stores,
                policy,
                configuration,
                control,
                guard);
    }

    /** The targets of this process. */
    Stores stores() {
        return stores;
    }

    /**
     * Opens the target at a location; the repository of the configuration with the targets of its tiers.
     *
     * @param throttle of the work
     */
    ObjectStore open(String location, Throttle throttle) {
        Configuration now = configuration.get();
        ObjectStore home = stores.open(location, throttle);
        if (now.tiers().isEmpty() || !isHome(location, now)) {
            return home;
        }
        Map<String, ObjectStore> targets = new HashMap<>();
        Map<String, ObjectStore> tiers = new HashMap<>();
        try {
            now.tiers()
                    .forEach((tier, target) -> tiers.put(
                            tier,
                            targets.computeIfAbsent(
                                    target,
                                    name -> stores.open(
                                            Objects.requireNonNull(now.targets().get(name)), throttle))));
        } catch (RuntimeException unusable) {
            targets.values().forEach(ObjectStore::close);
            home.close();
            throw unusable;
        }
        return new TieredStore(home, tiers);
    }

    /** The tiers are those of one repository: that of the configuration, or whichever is no target of it. */
    private static boolean isHome(String location, Configuration now) {
        String repository = now.repository();
        return repository != null
                ? Stores.isSame(repository, location)
                : now.targets().values().stream().noneMatch(each -> Stores.isSame(each, location));
    }

    /** Where the job of this thread makes copies, what goes into cold storage goes to them at once. */
    private ObjectStore withColdCopies(ObjectStore store, Throttle throttle, OperationLog log) {
        boolean needless = !JobContext.CURRENT.isBound()
                || JobContext.CURRENT.get().copies().isEmpty()
                || store.recall().isEmpty();
        if (needless) {
            return store;
        }
        Map<String, ObjectStore> copies = new TreeMap<>();
        JobContext.CURRENT.get().copies().forEach((name, location) -> {
            try {
                copies.put(name, stores.open(location, throttle));
            } catch (BackupException away) {
                missed(log, name, away);
            }
        });
        Predicate<String> cold = store instanceof TieredStore tiered ? tiered::isCold : tier -> true;
        return new ColdCopies(store, cold, copies, (name, away) -> missed(log, name, away));
    }

    private static void missed(OperationLog log, String target, BackupException away) {
        log.found(away.code(), Facts.of("target", target).and("stage", "copy of what goes into cold storage"));
    }

    /** What the engine works with in an operation. */
    EngineContext context(Throttle throttle) {
        EngineContext.Sizing sizing = settings.sizing()
                .within(settings.governor().buffers(), Runtime.getRuntime().maxMemory());
        String host = settings.actor().host();
        return new EngineContext(
                settings.time(),
                settings.entropy(),
                throttle,
                state,
                hostKey,
                host,
                sizing,
                new TermsInForce(policy),
                guard);
    }

    /** Lets data of a source be taken out; see {@link AccessControl#admitSource}. */
    void admitSource(String action, String source, OperationLog log) {
        control.admitSource(action, source, log);
    }

    /** What is done on an open repository. */
    interface Work<T> {
        T with(Repository repository, OperationLog log);
    }

    /** What is done on an open repository and with another store. */
    interface GovernedWork<T> {
        T with(Repository repository, Throttle throttle, OperationLog log);
    }

    /** One operation on a repository. */
    <T> T on(RepositoryAccess access, String action, Facts facts, Work<T> work, Function<T, Ending> ending) {
        return governed(access, action, facts, (repository, throttle, log) -> work.with(repository, log), ending);
    }

    /** One operation on a repository that uses more than the repository. */
    <T> T governed(
            RepositoryAccess access, String action, Facts facts, GovernedWork<T> work, Function<T, Ending> ending) {
        return operations.run(
                action,
                facts.andVeiled("repository", access.location()),
                log -> {
                    Credential credential = access.credential().credential();
                    WorkClass kind = WorkClasses.of(action);
                    try (Yielding.Shift shift = yielding.begin(kind, WorkClasses.keepsSnapshot(action));
                            GovernedJob job = settings.governor().open(kind, settings.limits());
                            ObjectStore store = withColdCopies(open(access.location(), job), job, log);
                            Repository repository = Repository.open(store, context(job), credential, log)) {
                        if (store instanceof ColdCopies cold) {
                            cold.each(copy -> repository.prepareCopy(copy, log));
                        }
                        if (ActionRights.takesOut(action)) {
                            control.admitAt(action, repository.rules(), log);
                        }
                        T result = work.with(repository, job, log);
                        shift.report(log);
                        return result;
                    }
                },
                ending);
    }
}
