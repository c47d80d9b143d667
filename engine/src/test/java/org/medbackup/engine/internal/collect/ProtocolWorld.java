package org.medbackup.engine.internal.collect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.backup.CompositeBackup;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.open.RepositoryFiles;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.restore.Restores;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/**
 * A repository in which one file was backed up and its restore point forgotten: its pack is garbage, unless somebody backs
 * the file up again. Writers, collectors and others are the real ones; only their steps are put in order.
 */
final class ProtocolWorld {

    static final OperationLog SILENT = OperationLog.silent();

    private final Path folder;
    private final Path caches;
    private final Path shared;
    private final Path kept;
    private final MemoryStore prepared = new MemoryStore();
    private int executions;

    /** A file of this length is one chunk of its own. */
    private static final int CHUNK = 256 * 1024;

    /**
     * Prepares it.
     *
     * @param sparse whether the pack of the forgotten file holds another one too, which is kept, so that it is written anew
     */
    ProtocolWorld(Path folder, boolean sparse) throws IOException {
        this.folder = folder;
        this.caches = Files.createDirectory(folder.resolve("caches"));
        this.shared = Files.write(folder.resolve("shared"), Bytes.random(1, CHUNK));
        this.kept = Files.write(folder.resolve("kept"), Bytes.random(2, CHUNK));
        new RepositoryFiles(prepared, Entropy.system())
                .create(Rings.OWNER, Rings.WRITER, Secret.ofText("x"), new Stretching.Pbkdf2(10), Instant.EPOCH);
        var time = new ManualTime(Instant.now().plusSeconds(3600));
        RepositoryCore writer = core(prepared, Rings.WRITER, caches, time);
        backUp(writer, "source", sparse ? new Path[] {kept, shared} : new Path[] {shared});
        backUp(core(prepared, Rings.WRITER, folder.resolve("elsewhere"), time), "other", kept);
        RepositoryCore owner = core(prepared, Rings.OWNER, folder.resolve("owner"), time);
        String given = snapshots(owner, "source").getFirst();
        owner.slots(new Findings(SILENT)).forget(List.of(given), time.now(), Entropy.system());
    }

    static void backUp(RepositoryCore core, String source, Path... files) {
        try (var backup = new CompositeBackup(core, BackupRequest.of(source, List.of()), SILENT)) {
            for (Path file : files) {
                backup.file(file, PathBytes.of("/" + file.getFileName()), Cut.CONTENT);
            }
            backup.commit(ConsistencyLevel.FILE_LEVEL, new TreeMap<>());
        }
    }

    private static RepositoryCore core(ObjectStore store, KeyRing keys, Path state, ManualTime time) {
        return new RepositoryCore(
                store,
                keys,
                new EngineContext(
                        time,
                        Entropy.system(),
                        Throttle.none(),
                        state,
                        Secret.copyOf(new byte[32]),
                        "host",
                        new EngineContext.Sizing(1, 8L << 20, 1)));
    }

    private static List<String> snapshots(RepositoryCore core, String source) {
        var ids = new ArrayList<String>();
        core.slots(new Findings(SILENT))
                .each(
                        manifest -> {
                            if (manifest.readable()
                                    .map(Manifest.Named::source)
                                    .orElse("")
                                    .equals(source)) {
                                ids.add(manifest.text());
                            }
                        },
                        (id, damaged) -> {
                            throw damaged;
                        });
        return ids;
    }

    /** One run of actors, from the prepared state. */
    final class Execution implements AutoCloseable {

        private final MemoryStore store = prepared.copy();
        private final ManualTime time = new ManualTime(Instant.now().plusSeconds(7200));
        private final Path state = folder.resolve("run" + executions++);
        private final Schedule schedule = new Schedule();

        Schedule schedule() {
            return schedule;
        }

        MemoryStore store() {
            return store;
        }

        /** More than any lease passes. */
        void wait(Duration duration) {
            time.advance(duration);
        }

        /** A backup of the file whose pack is garbage, on the host that remembers it. */
        void writer(String name, UnaryOperator<ObjectStore> view) {
            RepositoryCore core = core(view.apply(schedule.store(name, store)), Rings.WRITER, copyOfCaches(name), time);
            schedule.add(name, () -> backUp(core, "source", shared));
        }

        /** A restore of what is kept, to nowhere; fails where a chunk cannot be read. */
        void reader(String name) {
            RepositoryCore core = core(schedule.store(name, store), Rings.OWNER, state.resolve(name), time);
            schedule.add(name, () -> {
                var findings = new Findings(SILENT);
                String id = snapshots(core, "other").getFirst();
                Manifest manifest = core.slots(findings).read(id).orElseThrow();
                ReadHold.during(core, manifest.open().references(), findings, hold -> {
                    try (var reader = new ChunkReader(core, core.openIndex(findings), findings, hold::renew)) {
                        var failures = Restores.prove(
                                reader, manifest.readable().orElseThrow().tree(), 1, new Progress(SILENT, time));
                        if (failures.count() > 0) {
                            throw new IllegalStateException("a restore lost " + failures.first());
                        }
                        return true;
                    }
                });
            });
        }

        /** What a collector is made of. */
        interface Collectors {

            Collector make(RepositoryCore core, CollectRequest request, OperationLog log);
        }

        /** Some calls of a collector. */
        void collector(String name, int calls, Collectors kind) {
            RepositoryCore core = core(schedule.store(name, store), Rings.OWNER, state.resolve(name), time);
            schedule.add(name, () -> {
                for (int i = 0; i < calls; i++) {
                    kind.make(core, CollectRequest.usual(), SILENT).run();
                }
            });
        }

        /** Gives all restore points of a source up but the newest. */
        void forgetter(String name, String source) {
            RepositoryCore core = core(schedule.store(name, store), Rings.OWNER, state.resolve(name), time);
            schedule.add(name, () -> {
                List<String> ids = snapshots(core, source);
                if (!ids.isEmpty()) {
                    core.slots(new Findings(SILENT)).forget(ids, time.now(), Entropy.system());
                }
            });
        }

        /** A view of the store from another place, outside the order. */
        RepositoryCore observer() {
            return core(store, Rings.OWNER, state.resolve("observer"), time);
        }

        /**
         * What is wrong, empty where nothing is: a restore point that needs a chunk which no pack has, or an index that
         * names a pack which is not there, so that the next writer would lean on it.
         */
        String loss() {
            RepositoryCore core = observer();
            var findings = new Findings(SILENT);
            Index index = core.openIndex(findings);
            try (var reader = new ChunkReader(core, index, findings)) {
                IndexMarks marks = new NeededChunks(reader, () -> {}).mark(core.slots(findings), List.of());
                var loss = new StringBuilder();
                marks.missing().forEach(id -> loss.append("chunk ").append(id).append(" is nowhere; "));
                marks.eachPack((pack, needed, bytes, all) -> {
                    if (store.length(pack.name()).isEmpty()) {
                        loss.append(pack.name())
                                .append(" is gone, needed: ")
                                .append(needed)
                                .append("; ");
                    }
                });
                return loss.toString();
            } catch (DamageException lost) {
                return lost.toString();
            }
        }

        private Path copyOfCaches(String name) {
            Path copy = state.resolve(name);
            try (Stream<Path> all = Files.walk(caches)) {
                for (Path each : all.toList()) {
                    Path to = copy.resolve(caches.relativize(each).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(each, to);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return copy;
        }

        @Override
        public void close() {
            try (Stream<Path> all = Files.walk(state)) {
                for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    Execution execution() {
        return new Execution();
    }
}
