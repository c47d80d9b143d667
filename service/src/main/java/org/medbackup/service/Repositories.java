package org.medbackup.service;

import java.nio.file.Path;
import java.util.function.Function;
import org.medbackup.core.Secret;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.service.Operations.Ending;

/** Opens repositories for operations. Safe for use by several threads. */
final class Repositories {

    private final Settings settings;
    private final Path state;
    private final Secret hostKey;
    private final Operations operations;

    Repositories(Settings settings, Path state, Secret hostKey, Operations operations) {
        this.settings = settings;
        this.state = state;
        this.hostKey = hostKey;
        this.operations = operations;
    }

    /** What the engine works with. */
    EngineContext context() {
        return new EngineContext(
                settings.time(),
                settings.entropy(),
                settings.throttle(),
                state,
                hostKey,
                settings.actor().host(),
                settings.sizing());
    }

    /** What is done on an open repository. */
    interface Work<T> {
        T with(Repository repository, OperationLog log);
    }

    /** One operation on a repository. */
    <T> T on(RepositoryAccess access, String action, Facts facts, Work<T> work, Function<T, Ending> ending) {
        return operations.run(
                action,
                facts.andVeiled("repository", access.location()),
                log -> {
                    Credential credential = access.credential().credential();
                    try (ObjectStore store = Stores.open(access.location(), settings.time());
                            Repository repository = Repository.open(store, context(), credential, log)) {
                        return work.with(repository, log);
                    }
                },
                ending);
    }
}
