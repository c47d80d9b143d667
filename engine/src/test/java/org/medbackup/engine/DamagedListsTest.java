package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;

/** Lists of condemned packs that nobody can read: of collections, and of verifications. */
class DamagedListsTest {

    private static final int LENGTH = 600_000;

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private MemoryStore store = new MemoryStore();
    private int number;

    @BeforeEach
    void backUp() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        Files.write(source.resolve("image.dcm"), Bytes.random(1, LENGTH));
        sandbox = new Sandbox(temp.resolve("state")).create();
        store = sandbox.store;
        sandbox.backup(source);
    }

    private CollectResult collect() {
        try (Repository repository = sandbox.open()) {
            return repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
    }

    private KeyRing ring() {
        return KeyFile.read(sandbox.writerKey());
    }

    private IndexRoot root() {
        ObjectName newest = store.names("root/").getLast();
        return IndexRoot.decode(store.readAll(newest), newest, ring());
    }

    private ObjectName dataPack() {
        return store.names("d/").getFirst();
    }

    /** A list of a collection that condemns a pack; whether the bytes of it are changed afterwards. */
    private ObjectName condemn(long collection) {
        ObjectName name = CondemnedPacks.collectionName(collection);
        byte[] pack = HexFormat.of().parseHex(dataPack().text().substring("d/00/".length()));
        store.overwrite(name, CondemnedPacks.encode(List.of(pack), name, ring(), sandbox.context.entropy()));
        return name;
    }

    private ObjectName damaged(ObjectName list) {
        store.flip(list, 60);
        return list;
    }

    private void assertWholeAndRestored(String snapshot) throws IOException {
        VerifyResult verified = sandbox.verify(VerifyLevel.RESTORE);
        assertThat(verified.damaged()).isEmpty();
        assertThat(verified.snapshots()).contains(snapshot);
        Path out = temp.resolve("out" + number++);
        sandbox.restore(snapshot, source, out);
        assertThat(TreeListing.of(out)).isEqualTo(TreeListing.of(source));
    }

    private static void assertRefused(Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.CONDEMNED_UNREADABLE);
            assertThat(failure.remedy()).contains("medbackup gc");
        });
    }

    @Test
    void behindADamagedListOfACollectionABackupStoresEverythingAnewAndGcEndsTheList() throws IOException {
        ObjectName list = damaged(condemn(root().collection() + 1));
        new CollectionRecord(CollectionRecord.Kind.AWAITED, root().collection() + 1, 1, List.of())
                .put(store, ring(), sandbox.context.entropy());

        BackupResult behind = sandbox.backup(source);
        assertThat(behind.bytes().added()).isGreaterThan(LENGTH);

        CollectResult collected = collect();
        assertThat(collected.damaged())
                .extracting(VerifyResult.Damage::object, VerifyResult.Damage::code)
                .contains(tuple(list.text(), "OBJECT_DAMAGED"));
        assertThat(collected.isWhole()).isFalse();
        assertThat(collected.packs().deleted()).isZero();
        assertThat(store.names("g/")).isEmpty();
        assertThat(store.names("x/")).isEmpty();
        assertThat(collect().isWhole()).isTrue();
        BackupResult next = sandbox.backup(source);
        assertThat(next.bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertWholeAndRestored(next.snapshot());
        assertWholeAndRestored(behind.snapshot());
    }

    @Test
    void aDamagedListOfACollectionThatHasEndedDisturbsNoBackup() throws IOException {
        collect();
        try (Repository repository = sandbox.open()) {
            Files.write(source.resolve("image.dcm"), Bytes.random(2, LENGTH));
            sandbox.backup(source);
            repository.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
        }
        assertThat(collect().packs().deleted()).isPositive();
        assertThat(root().collection()).isPositive();
        damaged(condemn(root().collection()));

        BackupResult next = sandbox.backup(source);

        assertThat(next.bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertThat(collect().packs().deleted()).isZero();
        assertThat(store.names("g/")).isEmpty();
        assertWholeAndRestored(next.snapshot());
    }

    @Test
    void aDamagedListOfAVerificationIsPassedOverByGcAndReplacedByAVerificationThatReadsEverything() throws IOException {
        store.flip(dataPack(), 100_000);
        sandbox.verify(VerifyLevel.CONTENT);
        ObjectName list = damaged(store.names("g/").getFirst());

        assertThat(sandbox.backup(source).bytes().added()).isGreaterThan(LENGTH);
        assertThat(collect().damaged()).extracting(VerifyResult.Damage::object).contains(list.text());
        assertThat(store.names("g/")).containsExactly(list);
        try (Repository repository = sandbox.open()) {
            repository.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT);
            repository.verify(VerifyLevel.CONTENT, 0.5, Set.of(), Sandbox.SILENT);
            String one = repository.snapshots(Sandbox.SILENT).getFirst().id();
            assertThat(repository
                            .verify(VerifyLevel.CONTENT, 1, Set.of(one), Sandbox.SILENT)
                            .damaged())
                    .extracting(VerifyResult.Damage::object)
                    .contains(list.text());
        }
        assertThat(store.names("g/")).contains(list);

        assertThat(sandbox.verify(VerifyLevel.CIPHERTEXT).damaged())
                .extracting(VerifyResult.Damage::object)
                .contains(list.text(), dataPackThatFails());
        assertThat(store.names("g/")).doesNotContain(list).isNotEmpty();
        assertThat(collect().damaged()).extracting(VerifyResult.Damage::object).doesNotContain(list.text());
        BackupResult next = sandbox.backup(source);
        assertThat(next.bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).contains(next.snapshot());
    }

    private String dataPackThatFails() {
        return sandbox.verify(VerifyLevel.CIPHERTEXT).damaged().stream()
                .map(VerifyResult.Damage::object)
                .filter(object -> object.startsWith("d/"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whereTheIndexIsDamagedTooABackupIsRefusedUntilGcHasMendedBoth() throws IOException {
        damaged(condemn(root().collection() + 1));
        store.flip(store.names("root/").getLast(), 60);

        assertRefused(() -> sandbox.backup(source));
        assertThat(sandbox.verify(VerifyLevel.CONTENT).snapshots()).hasSize(1);

        assertThat(collect().packs().deleted()).isZero();
        BackupResult next = sandbox.backup(source);
        assertThat(next.bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        collect();
        assertThat(store.names("g/")).isEmpty();
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).contains(next.snapshot());
    }

    @Test
    void packsThatACollectorHasTakenAwayAreNotNamedAgainWhereItsListAndTheIndexAreDamaged() throws IOException {
        ObjectName gone = dataPack();
        Files.write(source.resolve("image.dcm"), Bytes.random(2, LENGTH));
        sandbox.backup(source);
        long collection = root().collection() + 1;
        damaged(condemn(collection));
        try (Repository owner = sandbox.open()) {
            // Decided by a collector, who has not deleted it yet.
            KeyRing maintainer = KeyFile.read(owner.keys().addRecipient(KeyRole.MAINTAINER, "of the test"));
            String pack = gone.text().substring("d/00/".length());
            owner.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
            new CollectionRecord(CollectionRecord.Kind.DECISION, collection, 1, List.of(pack))
                    .put(store, maintainer, sandbox.context.entropy());
        }
        store.names("i/").forEach(segment -> store.flip(segment, 200));
        // This machine has copies of the segments.
        sandbox = sandbox.elsewhere(temp.resolve("another machine"));
        var dying = new FaultyStore(
                store, (call, name, count) -> call == Call.PUT && name.startsWith("g/") ? Fault.FAILS : Fault.NONE);

        assertThatThrownBy(() -> {
                    try (Repository repository = sandbox.open(dying)) {
                        repository.collect(CollectRequest.usual(), Sandbox.SILENT);
                    }
                })
                .isInstanceOf(BackupException.class);

        assertThat(root().collection()).isGreaterThanOrEqualTo(collection);
        assertThat(indexed()).isNotEmpty().doesNotContain(gone);
        assertThat(collect().packs().deleted()).isPositive();
        assertThat(store.names("d/")).doesNotContain(gone);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).damaged())
                .extracting(VerifyResult.Damage::object)
                .noneMatch(object -> object.startsWith("d/"));
    }

    private List<ObjectName> indexed() {
        var names = new ArrayList<ObjectName>();
        Index.open(
                        store,
                        ring(),
                        sandbox.context.entropy(),
                        temp.resolve("observer"),
                        CondemnedPacks.none(),
                        Rings.findings())
                .eachPack(pack -> names.add(pack.name()));
        return names;
    }

    @Test
    void aListThatNoCollectorCanHavePutDisturbsNobodyAndIsTidiedAway() throws IOException {
        ObjectName farOff = CondemnedPacks.name(-1);
        store.overwrite(farOff, new byte[500]);
        store.overwrite(ObjectName.of("g/readme"), new byte[5]);

        BackupResult next = sandbox.backup(source);

        assertThat(next.bytes().added()).isLessThan(2 * Sandbox.PAGE_OF_FOLDERS_ABOVE);
        assertThat(collect().damaged()).extracting(VerifyResult.Damage::object).containsExactly(farOff.text());
        assertThat(collect().isWhole()).isTrue();
        assertThat(store.names("g/")).containsExactly(ObjectName.of("g/readme"));
        assertThat(root().collection()).isLessThan(100);
        assertWholeAndRestored(next.snapshot());
    }

    @Test
    void aCopyToATargetWithADamagedListIsRefusedUntilGcHasEndedIt() throws IOException {
        MemoryStore target = new MemoryStore();
        try (Repository repository = sandbox.open()) {
            repository.copy("latest", target, Sandbox.SILENT);
            ObjectName newest = target.names("root/").getLast();
            long collection =
                    IndexRoot.decode(target.readAll(newest), newest, ring()).collection();
            target.overwrite(CondemnedPacks.collectionName(collection + 1), new byte[300]);
            Files.write(source.resolve("later.dcm"), Bytes.random(3, LENGTH));
            String later = sandbox.backup(source).snapshot();
            int packs = target.names("d/").size();

            assertRefused(() -> repository.copy(later, target, Sandbox.SILENT));
            assertThat(target.names("d/")).hasSize(packs);

            var there = new Sandbox(temp.resolve("there"), target);
            try (Repository other = there.open()) {
                other.collect(CollectRequest.usual(), Sandbox.SILENT);
            }
            assertThat(repository.copy(later, target, Sandbox.SILENT).committed())
                    .isTrue();
            assertThat(there.verify(VerifyLevel.CONTENT).snapshots()).hasSize(2);

            target.overwrite(CondemnedPacks.name(0), new byte[300]);
            assertRefused(() -> repository.copy(later, target, Sandbox.SILENT));
            there.verify(VerifyLevel.CIPHERTEXT);
            assertThat(repository.copy(later, target, Sandbox.SILENT).committed())
                    .isTrue();
        }
    }
}
