package org.medbackup.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.MemoryStore;

/** A repository for tests: small packs, a cheap password, a state folder of its own. */
final class Sandbox {

    static final OperationLog SILENT = OperationLog.silent();
    /** The folders above a source stand in the tree with their times; when these change, their page is stored again. */
    static final long PAGE_OF_FOLDERS_ABOVE = 64 * 1024;

    static final String PASSWORD = "correct horse";

    final MemoryStore store;
    final Path state;
    final EngineContext context;
    private Secret writerKey = Secret.ofText("none yet");

    Sandbox(Path state) {
        this(state, new MemoryStore());
    }

    Sandbox(Path state, MemoryStore store) {
        this.store = store;
        this.state = state;
        this.context = context(state);
    }

    static EngineContext context(Path state) {
        return new EngineContext(
                TimeSource.system(),
                Entropy.system(),
                Throttle.none(),
                state,
                Secret.copyOf(new byte[32]),
                "test-host",
                new EngineContext.Sizing(2, 8L << 20, 1));
    }

    /** The same machine with a throttle. */
    static EngineContext under(EngineContext context, Throttle throttle) {
        return new EngineContext(
                context.time(),
                context.entropy(),
                throttle,
                context.stateFolder(),
                context.hostKey(),
                context.host(),
                context.sizing());
    }

    /** The same machine when so much time has passed. */
    static EngineContext later(EngineContext context, Duration passed) {
        return at(context, new TimeSource() {
            @Override
            public Instant now() {
                return context.time().now().plus(passed);
            }

            @Override
            public long nanos() {
                return context.time().nanos();
            }

            @Override
            public void sleep(Duration duration) {
                context.time().sleep(duration);
            }
        });
    }

    /** The same machine by another clock. */
    static EngineContext at(EngineContext context, TimeSource time) {
        return new EngineContext(
                time,
                context.entropy(),
                context.throttle(),
                context.stateFolder(),
                context.hostKey(),
                context.host(),
                context.sizing());
    }

    Sandbox create() {
        writerKey = Repository.create(store, context, password(), 10).writerKey();
        return this;
    }

    static Secret password() {
        return Secret.ofText(PASSWORD);
    }

    Secret writerKey() {
        return writerKey;
    }

    Repository open() {
        return open(store);
    }

    Repository open(ObjectStore other) {
        return Repository.open(other, context, new Credential.Password(password()), SILENT);
    }

    Repository openAsWriter() {
        return Repository.open(store, context, new Credential.KeyFile(writerKey), SILENT);
    }

    /** The same repository from another machine: nothing is known there of earlier runs. */
    Sandbox elsewhere(Path otherState) {
        var other = new Sandbox(otherState, store);
        other.writerKey = writerKey;
        return other;
    }

    BackupResult backup(Path... folders) {
        var paths = new ArrayList<PathBytes>();
        for (Path folder : folders) {
            paths.add(path(folder));
        }
        try (Repository repository = openAsWriter()) {
            return repository.backup(BackupRequest.of("test", paths), SILENT);
        }
    }

    RestoreResult restore(String snapshot, Path folder, Path target) {
        try (Repository repository = open()) {
            return repository.restore(new RestoreRequest(snapshot, path(folder), List.of(), target), SILENT);
        }
    }

    VerifyResult verify(VerifyLevel level) {
        try (Repository repository = open()) {
            return repository.verify(level, 1, Set.of(), SILENT);
        }
    }

    static PathBytes path(Path path) {
        return PathBytes.of(path.toAbsolutePath().toString());
    }
}
