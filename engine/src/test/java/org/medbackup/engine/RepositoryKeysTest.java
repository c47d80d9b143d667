package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.testkit.FaultyStore;

/** Giving, listing, rotating and recovering keys. */
class RepositoryKeysTest {

    private static final String NEW_PASSWORD = "battery staple";

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("a.txt"), "alpha".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private Repository open(ObjectStore store, String password) {
        return Repository.open(
                store, sandbox.context, new Credential.Password(Secret.ofText(password)), Sandbox.SILENT);
    }

    private Repository open(Secret keyFile) {
        return Repository.open(sandbox.store, sandbox.context, new Credential.KeyFile(keyFile), Sandbox.SILENT);
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private String backup(Secret keyFile) {
        try (Repository writer = open(keyFile)) {
            return writer.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT)
                    .snapshot();
        }
    }

    private static boolean isWhole(Repository repository) {
        return repository
                .verify(VerifyLevel.RESTORE, 1, Set.of(), Sandbox.SILENT)
                .isWhole();
    }

    @Test
    void theListTellsPasswordsSignersAndPairs() {
        try (Repository owner = sandbox.open()) {
            owner.keys().addRecipient(KeyRole.READER, "archive");
            List<KeyInfo> keys = owner.keys().list(Sandbox.SILENT);

            assertThat(keys).allSatisfy(key -> assertThat(key.state()).isEqualTo(KeyInfo.State.ACTIVE));
            assertThat(keys)
                    .extracting(KeyInfo::kind, KeyInfo::role, KeyInfo::name, KeyInfo::algorithm)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(
                                    KeyInfo.Kind.PASSWORD, "owner", "", "PBKDF2-HMAC-SHA-512"),
                            org.assertj.core.groups.Tuple.tuple(KeyInfo.Kind.SIGNER, "owner", "owner", "Ed25519"),
                            org.assertj.core.groups.Tuple.tuple(KeyInfo.Kind.SIGNER, "writer", "writer", "Ed25519"),
                            org.assertj.core.groups.Tuple.tuple(KeyInfo.Kind.SIGNER, "reader", "archive", "Ed25519"),
                            org.assertj.core.groups.Tuple.tuple(
                                    KeyInfo.Kind.PAIR, "data", "default", "X25519+ML-KEM-768"),
                            org.assertj.core.groups.Tuple.tuple(
                                    KeyInfo.Kind.PAIR, "names", "names", "X25519+ML-KEM-768"),
                            org.assertj.core.groups.Tuple.tuple(
                                    KeyInfo.Kind.PAIR, "references", "references", "X25519+ML-KEM-768"));
            assertThat(keys).extracting(KeyInfo::id).doesNotHaveDuplicates();
            assertThat(keys.stream().filter(key -> key.kind() == KeyInfo.Kind.SIGNER))
                    .allSatisfy(key -> assertThat(key.created()).isNotNull());
        }
    }

    @Test
    void aDamagedCopyOfAKeyObjectIsLeftOutOfTheListAndTheOtherIsTold() {
        sandbox.store.flip(sandbox.store.names("keys/owner-").getFirst(), 40);

        try (Repository owner = sandbox.open()) {
            assertThat(owner.keys().list(Sandbox.SILENT).getFirst().role()).isEqualTo("owner");
        }
    }

    @Test
    void aWriterThatWasAddedBacksUpAndItsRestorePointsCount() {
        Secret key;
        try (Repository owner = sandbox.open()) {
            key = owner.keys().addRecipient(KeyRole.WRITER, "second");
        }

        String id = backup(key);

        try (Repository owner = sandbox.open()) {
            assertThat(owner.find("latest", Sandbox.SILENT).id()).isEqualTo(id);
        }
    }

    @Test
    void aNewPasswordTakesThePlaceOfTheOldOne() {
        String id = sandbox.backup(source).snapshot();
        List<ObjectName> before = sandbox.store.names("keys/owner-");
        try (Repository owner = sandbox.open()) {
            owner.keys().rotate(Secret.ofText(NEW_PASSWORD), 10, false);
        }

        fails(ErrorCode.WRONG_PASSWORD, () -> sandbox.open());
        try (Repository owner = open(sandbox.store, NEW_PASSWORD)) {
            assertThat(owner.find("latest", Sandbox.SILENT).id()).isEqualTo(id);
        }
        assertThat(sandbox.store.names("keys/owner-")).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(sandbox.store.names("keys.2/owner-")).hasSize(1);
    }

    @Test
    void theUsualFunctionsStretchANewPasswordToo() {
        try (Repository owner = sandbox.open()) {
            owner.keys().rotate(Secret.ofText(NEW_PASSWORD), KeyDerivation.ARGON2ID, false);
        }
        try (Repository owner = open(sandbox.store, NEW_PASSWORD)) {
            assertThat(owner.keys().list(Sandbox.SILENT).getFirst().algorithm()).isEqualTo("Argon2id");
        }
    }

    /** Ends the rotation at every call of the store. */
    @Test
    void aRotationThatIsCutShortLeavesAPasswordThatOpens() {
        for (boolean pairs : new boolean[] {false, true}) {
            for (int calls = 0; calls < 8; calls++) {
                var cut = new Sandbox(temp.resolve("state")).create();
                var left = new AtomicInteger(Integer.MAX_VALUE);
                var faulty = new FaultyStore(
                        cut.store,
                        (call, name, number) ->
                                left.getAndDecrement() > 0 ? FaultyStore.Fault.NONE : FaultyStore.Fault.FAILS);
                try (Repository owner = cut.open(faulty)) {
                    left.set(calls);
                    owner.keys().rotate(Secret.ofText(NEW_PASSWORD), 10, pairs);
                } catch (BackupException cutShort) {
                    assertThat(cutShort.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                }

                boolean old = opens(cut, Sandbox.PASSWORD);
                boolean fresh = opens(cut, NEW_PASSWORD);
                assertThat(old || fresh).as("after %d calls", calls).isTrue();
            }
        }
    }

    private boolean opens(Sandbox place, String password) {
        try (Repository repository = open(place.store, password)) {
            return repository.reads();
        } catch (UsageException refused) {
            return false;
        }
    }

    @Test
    void newPairsSealWhatComesAndOldOnesOpenWhatWas() throws IOException {
        String first = sandbox.backup(source).snapshot();
        Secret oldReader;
        try (Repository owner = sandbox.open()) {
            oldReader = owner.keys().addRecipient(KeyRole.READER, "old reader");
            owner.keys().rotate(Sandbox.password(), 10, true);
        }
        Secret newWriter;
        Secret newMaintainer;
        try (Repository owner = sandbox.open()) {
            newWriter = owner.keys().addRecipient(KeyRole.WRITER, "new writer");
            newMaintainer = owner.keys().addRecipient(KeyRole.MAINTAINER, "new maintainer");
            assertThat(owner.keys().list(Sandbox.SILENT).stream()
                            .filter(key -> key.kind() == KeyInfo.Kind.PAIR)
                            .map(key -> key.id() + " " + key.state()))
                    .containsExactly(
                            "domain-1 SUPERSEDED",
                            "domain-2 SUPERSEDED",
                            "domain-3 SUPERSEDED",
                            "domain-4 ACTIVE",
                            "domain-5 ACTIVE",
                            "domain-6 ACTIVE");
        }
        Files.write(source.resolve("b.txt"), "beta".getBytes(UTF_8));
        // A writer with the key file from before seals to the old pairs, and its work counts.
        String second = sandbox.backup(source).snapshot();
        try (Repository reader = open(oldReader)) {
            assertThat(isWhole(reader)).isTrue();
        }
        Files.write(source.resolve("c.txt"), "gamma".getBytes(UTF_8));
        String third = backup(newWriter);

        try (Repository owner = sandbox.open()) {
            assertThat(owner.snapshots(Sandbox.SILENT)).extracting(Snapshot::id).containsExactly(first, second, third);
            assertThat(isWhole(owner)).isTrue();
        }
        try (Repository maintainer = open(newMaintainer)) {
            assertThat(maintainer
                            .verify(VerifyLevel.CIPHERTEXT, 1, Set.of(), Sandbox.SILENT)
                            .snapshots())
                    .containsExactlyInAnyOrder(first, second, third);
        }
        try (Repository reader = open(oldReader)) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> reader.snapshots(Sandbox.SILENT))
                    .withMessageContaining("the key file is older")
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
        }
        assertThat(KeyFile.read(newWriter).domains()).hasSize(3);
    }

    @Test
    void whoHasTheNewPairsAndAnEarlierPasswordOpensTheNewer() {
        // What a rotation that was cut short before the old object went leaves behind, with the same password.
        ObjectName old = sandbox.store.names("keys/owner-").getFirst();
        byte[] kept = sandbox.store.readAll(old);
        try (Repository owner = sandbox.open()) {
            owner.keys().rotate(Sandbox.password(), 10, true);
        }
        sandbox.store.overwrite(old, kept);

        try (Repository owner = sandbox.open()) {
            assertThat(owner.keys().list(Sandbox.SILENT))
                    .extracting(KeyInfo::id)
                    .contains("domain-6");
        }
    }

    @Test
    void sharesGiveTheOwnersKeyBackWhereThePasswordIsLost() {
        String id = sandbox.backup(source).snapshot();
        List<Secret> shares;
        Secret whole;
        try (Repository owner = sandbox.open()) {
            shares = owner.keys().exportRecovery(2, 3);
            whole = owner.keys().exportRecovery();
        }

        Secret combined = RepositoryKeys.combineRecovery(List.of(shares.get(2), shares.get(0)));

        assertThat(combined.matches(whole)).isTrue();
        try (Repository owner = open(combined)) {
            assertThat(owner.find("latest", Sandbox.SILENT).id()).isEqualTo(id);
            owner.keys().rotate(Secret.ofText(NEW_PASSWORD), 10, false);
        }
        open(sandbox.store, NEW_PASSWORD).close();
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> RepositoryKeys.combineRecovery(List.of(shares.get(2), Secret.ofText("none"))))
                .withMessageContaining("the file in place 2 is no recovery share");
    }

    @Test
    void aRevokedSignersRestorePointsStayAndLaterOnesDoNotCount() throws IOException {
        String before = sandbox.backup(source).snapshot();
        String writer;
        try (Repository owner = sandbox.open()) {
            writer = owner.keys().list(Sandbox.SILENT).stream()
                    .filter(key -> key.name().equals("writer"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            owner.keys().revoke(writer, Sandbox.SILENT);
            assertThat(owner.keys().list(Sandbox.SILENT))
                    .filteredOn(key -> key.state() == KeyInfo.State.REVOKED)
                    .singleElement()
                    .satisfies(key -> assertThat(key.id()).isEqualTo(writer));
        }
        Files.write(source.resolve("b.txt"), "beta".getBytes(UTF_8));
        String after = sandbox.backup(source).snapshot();

        try (Repository owner = sandbox.open()) {
            assertThat(owner.snapshots(Sandbox.SILENT)).extracting(Snapshot::id).containsExactly(before);
            fails(ErrorCode.SIGNATURE_INVALID, () -> owner.snapshot(after, Sandbox.SILENT));
            VerifyResult result = owner.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT);
            assertThat(result.damaged()).singleElement().satisfies(damage -> {
                assertThat(damage.object()).isEqualTo("s/" + after);
                assertThat(damage.code()).isEqualTo("SIGNATURE_INVALID");
            });
        }
    }

    @Test
    void aRevocationIsTheAdministratorsAndStandsTwice() {
        sandbox.backup(source);
        try (Repository owner = sandbox.open()) {
            String id = owner.keys().list(Sandbox.SILENT).stream()
                    .filter(key -> key.name().equals("writer"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            owner.keys().revoke(id, Sandbox.SILENT);
            ObjectName first = sandbox.store.names("keys/revoked-").getFirst();
            byte[] object = sandbox.store.readAll(first);
            sandbox.store.flip(first, 40);
            assertThat(owner.keys().list(Sandbox.SILENT))
                    .extracting(KeyInfo::state)
                    .contains(KeyInfo.State.REVOKED);
            var ring = KeyFile.read(owner.keys().exportRecovery());
            var retirement = org.medbackup.engine.internal.commit.Retirement.decode(object, ring);
            byte[] forged = retirement.encode(
                    ring.repository(), KeyFile.read(sandbox.writerKey()).signer());
            fails(
                    ErrorCode.SIGNATURE_INVALID,
                    () -> org.medbackup.engine.internal.commit.Retirement.decode(forged, ring));
            byte[] cut = org.medbackup.engine.internal.codec.Envelope.wrap(
                    org.medbackup.engine.internal.codec.Envelope.Kind.RETIREMENT, ring.repository(), new byte[] {9});
            fails(ErrorCode.OBJECT_DAMAGED, () -> org.medbackup.engine.internal.commit.Retirement.decode(cut, ring));
            String own = owner.keys().list(Sandbox.SILENT).stream()
                    .filter(key -> key.name().equals("owner"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            fails(ErrorCode.USAGE, () -> owner.keys().revoke(own, Sandbox.SILENT));
            fails(ErrorCode.USAGE, () -> owner.keys().revoke("signer-00", Sandbox.SILENT));
        }
    }

    @Test
    void resultsOfARevokedMaintainerCountNoMore() {
        String id = sandbox.backup(source).snapshot();
        Secret maintainer;
        try (Repository owner = sandbox.open()) {
            maintainer = owner.keys().addRecipient(KeyRole.MAINTAINER, "operator");
        }
        try (Repository operator = open(maintainer)) {
            operator.verify(VerifyLevel.CIPHERTEXT, 1, Set.of(), Sandbox.SILENT);
        }
        try (Repository owner = sandbox.open()) {
            assertThat(owner.verified(Sandbox.SILENT)).containsKey(id);
            owner.keys().list(Sandbox.SILENT).stream()
                    .filter(key -> key.name().equals("operator"))
                    .forEach(key -> owner.keys().revoke(key.id(), Sandbox.SILENT));

            assertThat(owner.verified(Sandbox.SILENT)).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerGivesAndChangesKeys() {
        Secret reader;
        try (Repository owner = sandbox.open()) {
            reader = owner.keys().addRecipient(KeyRole.READER, "reader");
            fails(ErrorCode.USAGE, () -> owner.keys().exportRecovery(1, 3));
            fails(ErrorCode.USAGE, () -> owner.keys().exportRecovery(4, 3));
            fails(ErrorCode.USAGE, () -> owner.keys().exportRecovery(2, 256));
            fails(
                    ErrorCode.NO_CREDENTIAL_GIVEN,
                    () -> owner.keys().rotate(Secret.ofText(""), KeyDerivation.PBKDF2, false));
        }
        for (Secret key : List.of(reader, sandbox.writerKey())) {
            try (Repository other = open(key)) {
                RepositoryKeys keys = other.keys();
                fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> keys.addRecipient(KeyRole.READER, "x"));
                fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> keys.rotate(Secret.ofText("x"), 10, true));
                fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> keys.revoke("signer-00", Sandbox.SILENT));
                fails(ErrorCode.KEY_ROLE_INSUFFICIENT, keys::exportRecovery);
                fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> keys.exportRecovery(2, 3));
                assertThat(keys.list(Sandbox.SILENT)).isNotEmpty();
            }
        }
    }
}
