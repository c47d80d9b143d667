package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.FileTree;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.Seeds;
import org.medbackup.corpus.TreeOnDisk;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;

/** What is freed when restore points are forgotten, and that nothing else is. */
class CollectionTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    static LongStream seeds() {
        return Seeds.of(4);
    }

    private CollectResult collect() {
        try (Repository repository = sandbox.open()) {
            return repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
    }

    private ForgetResult keepLast(int count) {
        try (Repository repository = sandbox.open()) {
            return repository.forget(new RetentionRules(count, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
        }
    }

    private void fill(String name, long seed, int length) throws IOException {
        Files.write(source.resolve(name), Bytes.random(seed, length));
    }

    private List<ObjectName> packs() {
        var packs = new ArrayList<ObjectName>();
        for (String prefix : List.of("d/", "m/", "r/")) {
            packs.addAll(sandbox.store.names(prefix));
        }
        return packs;
    }

    @Test
    void whatOnlyForgottenRestorePointsNeededIsFreed() throws IOException {
        fill("old", 1, 3 << 20);
        String first = sandbox.backup(source).snapshot();
        Files.delete(source.resolve("old"));
        fill("new", 2, 1 << 20);
        String second = sandbox.backup(source).snapshot();
        int before = packs().size();

        assertThat(keepLast(1).removed()).containsExactly(first);
        CollectResult result = collect();

        assertThat(result.packs().deleted()).isPositive();
        assertThat(result.pending()).isZero();
        assertThat(result.bytes().before() - result.bytes().after()).isGreaterThan(3 << 20);
        assertThat(packs()).hasSizeLessThan(before);
        assertThat(result.packs().kept()).isEqualTo(packs().size());
        assertThat(sandbox.store.names("g/")).isEmpty();
        assertThat(sandbox.store.names("x/")).isEmpty();
        assertThat(sandbox.store.names("t/")).isEmpty();
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
        sandbox.restore(second, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
        assertThatThrownBy(() -> sandbox.restore(first, source, temp.resolve("gone")))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void aSecondCollectionFindsNothingToDo() throws IOException {
        fill("old", 1, 1 << 20);
        sandbox.backup(source);
        fill("old", 2, 1 << 20);
        sandbox.backup(source);
        keepLast(1);
        collect();
        List<ObjectName> after = sandbox.store.names();

        CollectResult again = collect();

        assertThat(again.packs().deleted()).isZero();
        assertThat(again.bytes().after()).isEqualTo(again.bytes().before());
        assertThat(sandbox.store.names()).isEqualTo(after);
    }

    @Test
    void aDryRunSaysWhatWouldBeFreedAndTouchesNothing() throws IOException {
        fill("old", 1, 3 << 20);
        sandbox.backup(source);
        fill("old", 2, 1 << 20);
        sandbox.backup(source);
        keepLast(1);
        List<ObjectName> before = sandbox.store.names();

        CollectResult result;
        try (Repository repository = sandbox.open()) {
            result = repository.collect(CollectRequest.usual().dry(), Sandbox.SILENT);
        }

        assertThat(result.packs().deleted()).isPositive();
        assertThat(result.bytes().after()).isLessThan(result.bytes().before());
        assertThat(sandbox.store.names()).isEqualTo(before);
    }

    @Test
    void packsThatAreMostlyGarbageAreWrittenAnewWithoutADataKey() throws IOException {
        for (int i = 0; i < 6; i++) {
            fill("file" + i, i, 700_000);
        }
        sandbox.backup(source);
        for (int i = 0; i < 4; i++) {
            Files.delete(source.resolve("file" + i));
        }
        String second = sandbox.backup(source).snapshot();
        keepLast(1);

        CollectResult result = collect();

        assertThat(result.packs().rewritten()).isPositive();
        assertThat(result.bytes().after()).isLessThan(result.bytes().before() / 2);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
        sandbox.restore(second, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
        // What was moved is found by the next backup, from this machine and from another.
        assertThat(sandbox.backup(source).bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertThat(sandbox.elsewhere(temp.resolve("other"))
                        .backup(source)
                        .bytes()
                        .added())
                .isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
    }

    @Test
    void aBackupAfterACollectionStoresAgainWhatComesBack() throws IOException {
        fill("a", 1, 2 << 20);
        sandbox.backup(source);
        Files.move(source.resolve("a"), temp.resolve("aside"));
        sandbox.backup(source);
        keepLast(1);
        collect();
        Files.move(temp.resolve("aside"), source.resolve("a"));

        BackupResult result = sandbox.backup(source);

        assertThat(result.bytes().added()).isGreaterThan(2 << 20);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void throughRandomEditsForgetsAndCollectionsEveryKeptRestorePointComesBack(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed, RandomTree.Shape.SMALL);
        var listings = new HashMap<String, List<String>>();
        for (int round = 0; round < 5; round++) {
            source = Files.createDirectory(temp.resolve("round" + round)).resolve("source");
            TreeOnDisk.write(tree, Files.createDirectory(source));
            listings.put(sandbox.backup(source).snapshot(), TreeListing.of(source));
            tree = tree.edit(seed + round);
            if (round % 2 == 1) {
                keepLast(2);
                collect();
            }
        }
        try (Repository repository = sandbox.open()) {
            int number = 0;
            for (Snapshot snapshot : repository.snapshots(Sandbox.SILENT)) {
                Path target = temp.resolve("out" + number++);
                Path folder = Path.of(snapshot.paths().getFirst());
                sandbox.restore(snapshot.id(), folder, target);
                assertThat(TreeListing.of(target)).isEqualTo(listings.get(snapshot.id()));
            }
            assertThat(number).isGreaterThan(1);
        }
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
    }

    @Test
    void whatABackupThatDidNotEndLeftBehindIsFreedWhenItsLeaseIsOver() throws IOException {
        fill("a", 1, 1 << 20);
        sandbox.backup(source);
        int before = packs().size();
        fill("b", 2, 9 << 20);
        var failing = new FaultyStore(
                sandbox.store,
                (call, name, number) -> call == Call.PUT && name.startsWith("s/") ? Fault.FAILS : Fault.NONE);
        assertThatThrownBy(() -> {
                    try (Repository repository = Repository.open(
                            failing, sandbox.context, new Credential.KeyFile(sandbox.writerKey()), Sandbox.SILENT)) {
                        repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
                    }
                })
                .isInstanceOf(BackupException.class);
        assertThat(packs()).hasSizeGreaterThan(before);

        assertThat(collect().packs().deleted()).isZero();

        try (Repository repository = Repository.open(
                sandbox.store,
                Sandbox.later(sandbox.context, Duration.ofHours(7)),
                new Credential.Password(Sandbox.password()),
                Sandbox.SILENT)) {
            CollectResult result = repository.collect(CollectRequest.usual(), Sandbox.SILENT);
            // The ticket has lapsed: its packs were left alone as long as it was open, and are found by the next call.
            assertThat(result.packs().deleted()).isPositive();
        }
        assertThat(packs()).hasSize(before);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
    }

    /** Every call on the store from the given one on fails: to the repository the collector is dead. */
    private static FaultyStore dyingAt(MemoryStore store, long call) {
        return new FaultyStore(store, (what, name, number) -> number >= call ? Fault.FAILS : Fault.NONE);
    }

    @Test
    void aCollectorMayDieAtAnyCallAndTheNextOneFinishes() throws IOException {
        for (int i = 0; i < 6; i++) {
            fill("file" + i, i, 700_000);
        }
        sandbox.backup(source);
        for (int i = 0; i < 4; i++) {
            Files.delete(source.resolve("file" + i));
        }
        String second = sandbox.backup(source).snapshot();
        keepLast(1);
        MemoryStore before = sandbox.store.copy();
        long packsAfter = -1;
        boolean died = true;
        for (long call = 8; died; call += Evidence.rounds(7, 1)) {
            var store = before.copy();
            var machine = new Sandbox(temp.resolve("machine" + call), store);
            try (Repository repository = machine.open(dyingAt(store, call))) {
                repository.collect(CollectRequest.usual(), Sandbox.SILENT);
                died = false;
            } catch (BackupException dead) {
                assertThat(dead.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            }
            assertThat(machine.verify(VerifyLevel.STRUCTURE).snapshots()).containsExactly(second);
            EngineContext later = Sandbox.later(machine.context, Duration.ofHours(2));
            try (Repository repository =
                    Repository.open(store, later, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
                repository.collect(CollectRequest.usual(), Sandbox.SILENT);
                // What was being condemned when it died is garbage of the next collection.
                long kept = repository
                        .collect(CollectRequest.usual(), Sandbox.SILENT)
                        .packs()
                        .kept();
                packsAfter = packsAfter < 0 ? kept : packsAfter;
                assertThat(kept).describedAs("died at call %d", call).isEqualTo(packsAfter);
            }
            assertThat(store.names("g/")).isEmpty();
            assertThat(store.names("x/")).isEmpty();
            VerifyResult verified = machine.verify(VerifyLevel.RESTORE);
            assertThat(verified.damaged()).describedAs("died at call %d", call).isEmpty();
            assertThat(verified.snapshots()).containsExactly(second);
        }
    }

    @Test
    void aMaintainersKeyCollectsAndHasNoKeyToNamesOrData() throws IOException {
        fill("old", 1, 3 << 20);
        sandbox.backup(source);
        fill("old", 2, 1 << 20);
        sandbox.backup(source);
        keepLast(1);
        Secret key;
        try (Repository owner = sandbox.open()) {
            key = owner.keys().addRecipient(KeyRole.MAINTAINER, "maintainer");
        }

        try (Repository repository =
                Repository.open(sandbox.store, sandbox.context, new Credential.KeyFile(key), Sandbox.SILENT)) {
            assertThat(repository.reads()).isFalse();
            assertThat(repository
                            .collect(CollectRequest.usual(), Sandbox.SILENT)
                            .packs()
                            .deleted())
                    .isPositive();
            assertThatThrownBy(() -> repository.forget(Set.of("0".repeat(32)), false, Sandbox.SILENT))
                    .isInstanceOf(UsageException.class);
        }
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
    }

    @Test
    void nothingIsDeletedWhereAReferencePageCannotBeRead() throws IOException {
        fill("a", 1, 1 << 20);
        sandbox.backup(source);
        fill("a", 2, 1 << 20);
        sandbox.backup(source);
        keepLast(1);
        for (ObjectName name : sandbox.store.names("r/")) {
            for (int at = 64; at < sandbox.store.length(name).getAsLong(); at += 16) {
                sandbox.store.flip(name, at);
            }
        }
        List<ObjectName> before = packs();

        assertThatThrownBy(this::collect)
                .isInstanceOf(DamageException.class)
                .extracting(failure -> ((DamageException) failure).code())
                .isEqualTo(ErrorCode.COLLECTION_STOPPED);

        assertThat(packs()).isEqualTo(before);
        assertThat(sandbox.store.names("g/")).isEmpty();
    }

    @Test
    void aRestorePointNobodyCanReadStopsTheCollectionUntilItIsForgottenByItsId() throws IOException {
        fill("a", 1, 1 << 20);
        String lost = sandbox.backup(source).snapshot();
        fill("a", 2, 1 << 20);
        String good = sandbox.backup(source).snapshot();
        sandbox.store.overwrite(ObjectName.of("s/" + lost), new byte[3000]);
        sandbox.store.overwrite(ObjectName.of("c/" + lost), new byte[3000]);
        assertThatThrownBy(this::collect).hasMessageContaining("cannot be read");

        try (Repository repository = sandbox.open()) {
            assertThat(repository.forget(Set.of(lost), false, Sandbox.SILENT).removed())
                    .containsExactly(lost);
        }

        assertThat(collect().packs().deleted()).isPositive();
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).containsExactly(good);
    }

    @Test
    void aWritersKeyNeitherForgetsNorCollects() throws IOException {
        fill("a", 1, 1000);
        sandbox.backup(source);
        try (Repository repository = sandbox.openAsWriter()) {
            assertThatThrownBy(() -> repository.collect(CollectRequest.usual(), Sandbox.SILENT))
                    .isInstanceOf(UsageException.class);
            assertThatThrownBy(() ->
                            repository.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT))
                    .isInstanceOf(UsageException.class);
        }
    }

    @Test
    void aPackThatTheIndexLostIsNamedAgainAndNotDeleted() throws IOException {
        fill("a", 1, 1 << 20);
        String first = sandbox.backup(source).snapshot();
        // Somebody has put a root that names nothing, as a thief of a writer's key could.
        String last = sandbox.store.names("root/").getLast().text();
        long next = Long.parseLong(last.substring("root/".length()), 16) + 1;
        var root = new IndexRoot(next, 0, List.of());
        var ring = KeyFile.read(sandbox.writerKey());
        sandbox.store.overwrite(root.name(), root.encode(ring, sandbox.context.entropy()));
        List<ObjectName> before = packs();

        assertThat(collect().packs().deleted()).isZero();

        assertThat(packs()).containsAll(before);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).isWhole()).isTrue();
        sandbox.restore(first, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    @Test
    void aRestoreGoesOnWhileItsChunksAreMovedAndItsRestorePointIsForgotten() throws IOException {
        for (int i = 0; i < 6; i++) {
            fill("file" + i, i, 700_000);
        }
        String first = sandbox.backup(source).snapshot();
        List<String> listing = TreeListing.of(source);
        for (int i = 0; i < 4; i++) {
            Files.delete(source.resolve("file" + i));
        }
        sandbox.backup(source);
        var done = new AtomicBoolean();
        var collecting = new FaultyStore(sandbox.store, (call, name, number) -> {
            if (call == Call.READ && name.startsWith("d/") && !done.getAndSet(true)) {
                keepLast(1);
                collect();
            }
            return Fault.NONE;
        });

        try (Repository repository = sandbox.open(collecting)) {
            repository.restore(
                    new RestoreRequest(first, Sandbox.path(source), List.of(), temp.resolve("out")), Sandbox.SILENT);
        }

        assertThat(done).isTrue();
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(listing);
        assertThat(sandbox.store.names("t/")).isEmpty();
        assertThat(collect().packs().deleted()).isPositive();
    }
}
