package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;

/** A restore point copied to another target. */
class SecondCopyTest {

    @TempDir
    Path temp;

    private final MemoryStore target = new MemoryStore();
    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String first = "";
    private String second = "";
    private List<ObjectName> madeFirst = List.of();

    @BeforeEach
    void backUpTwice() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.dcm"), Bytes.random(1, 900_000));
        Files.write(source.resolve("note.txt"), "note".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state")).create();
        first = sandbox.backup(source).snapshot();
        madeFirst = sandbox.store.names();
        Files.write(source.resolve("later.dcm"), Bytes.random(2, 900_000));
        second = sandbox.backup(source).snapshot();
    }

    private CopyResult copy(String snapshot, ObjectStore to) {
        try (Repository repository = sandbox.open()) {
            return repository.copy(snapshot, to, Sandbox.SILENT);
        }
    }

    private Sandbox at(MemoryStore store) {
        return new Sandbox(temp.resolve("elsewhere" + System.identityHashCode(store)), store);
    }

    private List<String> snapshots(MemoryStore store) {
        try (Repository repository = at(store).open()) {
            return repository.snapshots(Sandbox.SILENT).stream()
                    .map(Snapshot::id)
                    .toList();
        }
    }

    private static void assertWhole(VerifyResult result, String... snapshots) {
        assertThat(result.damaged()).isEmpty();
        assertThat(result.snapshots()).containsExactlyInAnyOrder(snapshots);
    }

    /** A pack of data that both restore points need. */
    private ObjectName sharedPack() {
        return madeFirst.stream()
                .filter(name -> name.text().startsWith("d/"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCopyIsARepositoryOfTheSameIdThatRestoresWithTheSamePassword() {
        CopyResult copied = copy("latest", target);

        assertThat(copied.snapshot()).isEqualTo(second);
        assertThat(copied.packs().copied()).isPositive();
        assertThat(copied.packs().present()).isZero();
        assertThat(copied.bytes()).isGreaterThan(1_800_000);
        assertThat(copied.committed()).isTrue();
        assertThat(copied.isWhole()).isTrue();
        assertThat(copied.took()).isPositive();
        assertThat(snapshots(target)).containsExactly(second);
        assertWhole(at(target).verify(VerifyLevel.RESTORE), second);
        at(target).restore(second, source, temp.resolve("out"));
        assertThat(temp.resolve("out/later.dcm")).hasBinaryContent(Bytes.random(2, 900_000));
        try (Repository one = sandbox.open();
                Repository other = at(target).open()) {
            assertThat(other.id()).isEqualTo(one.id());
        }
    }

    @Test
    void whatIsThereIsNotCopiedAgain() {
        long packs = copy(second, target).packs().copied();

        CopyResult again = copy(second, target);
        CopyResult older = copy(first, target);

        assertThat(again.packs()).isEqualTo(new CopyResult.Packs(0, packs));
        assertThat(again.bytes()).isZero();
        assertThat(older.packs().copied()).isLessThan(packs);
        assertThat(older.packs().present()).isPositive();
        assertWhole(at(target).verify(VerifyLevel.CONTENT), first, second);
    }

    /** The only use of a random root count: what a machine remembers of the original says nothing of the copy. */
    @Test
    void aBackupToTheCopyDoesNotLeanOnWhatOnlyTheOriginalHas() throws IOException {
        copy(first, target);
        sandbox.backup(source);
        var sameMachine = new Sandbox(sandbox.state, target);

        try (Repository repository = sameMachine.open()) {
            repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }

        VerifyResult verified = at(target).verify(VerifyLevel.RESTORE);
        assertThat(verified.damaged()).isEmpty();
        assertThat(verified.snapshots()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAILS", "ANSWER_LOST"})
    void aCopyThatWasBrokenOffAtAnyWriteShowsNothingAndIsResumed(Fault fault) {
        boolean ended = false;
        for (int number = 0; !ended; number++) {
            int at = number;
            var inner = new MemoryStore();
            var puts = new AtomicInteger();
            var store = new FaultyStore(
                    inner,
                    (call, name, count) -> call == Call.PUT && puts.getAndIncrement() == at ? fault : Fault.NONE);
            try {
                copy(second, store);
                ended = puts.get() <= at;
            } catch (BackupException failed) {
                assertThat(failed.code()).as("write " + at).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                boolean shown = !inner.names("s/").isEmpty();
                assertThat(shown && fault != Fault.ANSWER_LOST)
                        .as("write " + at)
                        .isFalse();
            }

            assertThat(copy(second, inner).committed()).as("write " + at).isTrue();
            assertWhole(at(inner).verify(VerifyLevel.PRESENCE), second);
        }
    }

    @Test
    void packsThatABrokenCopyLeftAreTakenAsTheyAre() {
        var store = new FaultyStore(
                target, (call, name, count) -> call == Call.PUT && name.startsWith("i/") ? Fault.FAILS : Fault.NONE);
        assertThatThrownBy(() -> copy(second, store)).isInstanceOf(BackupException.class);
        int left = target.names("d/").size()
                + target.names("m/").size()
                + target.names("r/").size();

        assertThat(copy(second, target).packs()).isEqualTo(new CopyResult.Packs(0, left));
        assertWhole(at(target).verify(VerifyLevel.CONTENT), second);
    }

    @Test
    void aPackThatIsDamagedAtTheSourceIsNotCopiedAndTheRestorePointNotShown() {
        ObjectName pack = sharedPack();
        sandbox.store.flip(pack, 100_000);

        CopyResult result = copy(first, target);

        assertThat(result.committed()).isFalse();
        assertThat(result.damaged()).singleElement().satisfies(damage -> {
            assertThat(damage.object()).isEqualTo(pack.text());
            assertThat(damage.code()).isEqualTo("OBJECT_DAMAGED");
            assertThat(damage.snapshots()).containsExactly(first);
        });
        assertThat(target.names("d/")).doesNotContain(pack);
        assertThat(snapshots(target)).isEmpty();
    }

    @Test
    void aPackThatIsMissingOrCutIsNotCopied() {
        ObjectName pack = sharedPack();
        byte[] whole = sandbox.store.readAll(pack);
        sandbox.store.overwrite(pack, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(copy(first, target).damaged())
                .extracting(VerifyResult.Damage::code)
                .containsExactly("OBJECT_DAMAGED");

        sandbox.store.delete(pack);
        assertThat(copy(first, target).damaged())
                .extracting(VerifyResult.Damage::code)
                .containsExactly("OBJECT_MISSING");

        sandbox.store.overwrite(pack, whole);
        assertThat(copy(first, target).committed()).isTrue();
        assertWhole(at(target).verify(VerifyLevel.CONTENT), first);
    }

    @ParameterizedTest
    @EnumSource(Twin.class)
    void whatStandsTwiceIsCopiedFromTheIntactOneAndTheDamageIsSaid(Twin twin) {
        ObjectName object = twin.one(sandbox.store, madeFirst, second);
        sandbox.store.flip(object, twin == Twin.FORMAT ? 5 : 40);

        CopyResult result = copy(second, target);

        assertThat(result.committed()).isTrue();
        assertThat(result.damaged()).extracting(VerifyResult.Damage::object).contains(object.text());
        assertThat(result.damaged())
                .allSatisfy(damage -> assertThat(damage.snapshots()).isEmpty());
        assertThat(at(target).verify(VerifyLevel.CONTENT).snapshots()).containsExactly(second);
    }

    enum Twin {
        FORMAT("format"),
        KEY("keys/owner-"),
        CERTIFICATE("keys.2/signer-"),
        NAMES("m/"),
        REFERENCES("r/"),
        SLOT("s/");

        private final String prefix;

        Twin(String prefix) {
            this.prefix = prefix;
        }

        ObjectName one(MemoryStore store, List<ObjectName> madeFirst, String snapshot) {
            if (this == SLOT) {
                return ObjectName.of(prefix + snapshot);
            }
            // Pages of the second restore point are in packs of its own.
            boolean pages = this == NAMES || this == REFERENCES;
            return store.names(prefix).stream()
                    .filter(name -> !pages || !madeFirst.contains(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aChunkThatAnotherPackHasTooIsTakenFromThere() throws IOException {
        ObjectName pack = sharedPack();
        byte[] whole = sandbox.store.readAll(pack);
        sandbox.store.flip(pack, 100_000);
        // The verification condemns it, and the next backup of the source stores the chunk again.
        sandbox.verify(VerifyLevel.CONTENT);
        String third = sandbox.backup(source).snapshot();

        assertThat(copy(third, target).isWhole()).isTrue();
        assertThat(target.names("d/")).doesNotContain(pack);
        sandbox.store.overwrite(pack, whole);
        assertWhole(at(target).verify(VerifyLevel.CONTENT), third);
    }

    @Test
    void lostReferencesAreSaidAndNothingIsShown() {
        sandbox.store.names("r/").forEach(sandbox.store::delete);

        CopyResult result = copy(second, target);

        assertThat(result.committed()).isFalse();
        assertThat(result.isWhole()).isFalse();
        assertThat(snapshots(target)).isEmpty();
    }

    @Test
    void damagedListsOfCondemnedPacksAreSaid() {
        sandbox.store.flip(sharedPack(), 100_000);
        sandbox.verify(VerifyLevel.CONTENT);
        ObjectName list = sandbox.store.names("g/").getFirst();
        sandbox.store.flip(list, 50);

        assertThat(copy(second, target).damaged())
                .extracting(VerifyResult.Damage::object)
                .anySatisfy(object -> assertThat(object).startsWith("g/"));
    }

    @Test
    void aPackThatIsCutOrCondemnedAtTheTargetHasToGoFirst() {
        copy(second, target);
        ObjectName pack = sharedPack();
        byte[] whole = target.readAll(pack);
        target.overwrite(pack, new byte[7]);
        assertUnavailable();

        target.overwrite(pack, whole);
        target.flip(pack, 100_000);
        at(target).verify(VerifyLevel.CONTENT);
        assertUnavailable();
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> copy(first, target)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(failure.context()).containsKey("object");
        });
    }

    @Test
    void aTargetThatIsAnotherRepositoryOrSomethingElseIsLeftAlone() {
        MemoryStore other = new Sandbox(temp.resolve("other")).create().store;
        var foreign = new MemoryStore();
        foreign.putIfAbsent(ObjectName.of("somebody.elses"), ObjectContent.of(new byte[] {1}));
        var alienRoot = new MemoryStore();
        alienRoot.overwrite(ObjectName.of("root/0000000000000001"), new byte[300]);
        var damagedFormat = new MemoryStore();
        damagedFormat.overwrite(ObjectName.of("format"), new byte[300]);

        for (MemoryStore store : List.of(other, foreign, alienRoot, damagedFormat)) {
            List<ObjectName> before = store.names();
            assertThatThrownBy(() -> copy(second, store))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.REPOSITORY_EXISTS));
            assertThat(store.names()).isEqualTo(before);
        }
    }

    private void collectAtTarget(Duration later) {
        Sandbox there = at(target);
        try (Repository repository = Repository.open(
                target,
                Sandbox.later(there.context, later),
                new Credential.Password(Sandbox.password()),
                Sandbox.SILENT)) {
            repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
    }

    private static void assertOwnRemedy(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.remedy()).contains("another target");
            assertThat(failure.context()).containsKeys("snapshot", "store");
        });
    }

    @Test
    void aCopyWhosePlaceACollectorHasTakenIsRefusedWithItsOwnRemedyAndWritesNothing() {
        copy(first, target);
        var store = new FaultyStore(
                target, (call, name, count) -> call == Call.PUT && name.startsWith("i/") ? Fault.FAILS : Fault.NONE);
        assertThatThrownBy(() -> copy(second, store)).isInstanceOf(BackupException.class);
        collectAtTarget(Duration.ofHours(7));
        List<ObjectName> before = target.names();

        assertOwnRemedy(ErrorCode.COPY_REVOKED, () -> copy(second, target));

        assertThat(target.names()).isEqualTo(before);
        assertThat(snapshots(target)).containsExactly(first);
        String third = sandbox.backup(source).snapshot();
        assertThat(copy(third, target).committed()).isTrue();
        assertWhole(at(target).verify(VerifyLevel.CONTENT), first, third);
    }

    @Test
    void aCopyThatIsSuspendedForLongerThanItsLeaseShowsNothingAtTheTarget() {
        var suspended = new AtomicInteger();
        var store = new FaultyStore(target, (call, name, count) -> {
            if (call == Call.PUT && name.startsWith("i/") && suspended.getAndIncrement() == 0) {
                collectAtTarget(Duration.ofHours(7));
            }
            return Fault.NONE;
        });
        copy(first, target);

        assertOwnRemedy(ErrorCode.COPY_REVOKED, () -> copy(second, store));

        assertThat(suspended).hasValue(1);
        assertThat(snapshots(target)).containsExactly(first);
        collectAtTarget(Duration.ofHours(8));
        assertWhole(at(target).verify(VerifyLevel.CONTENT), first);
    }

    private void forgetAtTarget(String snapshot) {
        try (Repository repository = at(target).open()) {
            assertThat(repository
                            .forget(Set.of(snapshot), false, Sandbox.SILENT)
                            .removed())
                    .containsExactly(snapshot);
        }
    }

    @Test
    void whatWasForgottenAtTheTargetDoesNotComeBackByACopy() {
        copy(first, target);
        copy(second, target);
        forgetAtTarget(first);
        List<ObjectName> before = target.names();

        assertOwnRemedy(ErrorCode.COPY_GIVEN_UP, () -> copy(first, target));

        assertThat(target.names()).isEqualTo(before);
        assertThat(snapshots(target)).containsExactly(second);
    }

    @Test
    void whatIsForgottenAtTheTargetDuringACopyIsNotSaidToBeCopied() {
        copy(first, target);
        copy(second, target);
        var forgetting = new AtomicInteger();
        var store = new FaultyStore(target, (call, name, count) -> {
            if (call == Call.PUT && name.startsWith("s/") && forgetting.getAndIncrement() == 0) {
                forgetAtTarget(first);
            }
            return Fault.NONE;
        });

        assertOwnRemedy(ErrorCode.COPY_GIVEN_UP, () -> copy(first, store));

        assertThat(forgetting).hasValue(1);
        assertThat(snapshots(target)).containsExactly(second);
        collectAtTarget(Duration.ZERO);
        assertThat(target.names("s/")).containsExactly(ObjectName.of("s/" + second));
    }

    private Secret maintainersKey() {
        try (Repository owner = sandbox.open()) {
            return owner.keys().addRecipient(KeyRole.MAINTAINER, "maintainer of the test");
        }
    }

    @Test
    void aKeyThatReadsNeitherNamesNorDataCopies() {
        var credential = new Credential.KeyFile(maintainersKey());
        try (Repository repository = Repository.open(sandbox.store, sandbox.context, credential, Sandbox.SILENT)) {
            assertThat(repository.reads()).isFalse();
            CopyResult result = repository.copy(second.substring(0, 12), target, Sandbox.SILENT);

            assertThat(result.snapshot()).isEqualTo(second);
            assertThat(result.committed()).isTrue();
            assertCode(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.copy("zz", target, Sandbox.SILENT));
            assertCode(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.copy("", target, Sandbox.SILENT));
        }
        assertWhole(at(target).verify(VerifyLevel.RESTORE), second);
    }

    @Test
    void aWritersKeyDoesNotCopy() {
        try (Repository writer = sandbox.openAsWriter()) {
            assertCode(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.copy(second, target, Sandbox.SILENT));
        }
        assertThat(target.isEmpty()).isTrue();
    }

    private static void assertCode(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void aRestorePointThatIsNotThereIsNotCopied() {
        try (Repository repository = sandbox.open()) {
            assertCode(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.copy("ffff", target, Sandbox.SILENT));
        }
    }

    @Test
    void theSecondRepositoryIsProvenPackByPack() {
        copy(second, target);

        try (Repository repository = at(target).open()) {
            for (VerifyLevel level : List.of(VerifyLevel.PRESENCE, VerifyLevel.STRUCTURE, VerifyLevel.CIPHERTEXT)) {
                assertWhole(repository.verify(level, 1, Set.of(), Sandbox.SILENT), second);
            }
        }
        ObjectName pack = target.names("d/").getFirst();
        target.flip(pack, 70_000);
        assertThat(at(target).verify(VerifyLevel.CIPHERTEXT).damaged())
                .extracting(VerifyResult.Damage::object)
                .containsExactly(pack.text());
    }
}
