package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.internal.keys.KeyFile;

/** What each role's key can do, and what it cannot. */
class RolesTest {

    private static final String CANARY = "canary-0815-mueller";

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String snapshot = "";

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectories(temp.resolve("source/" + CANARY + "-ward"));
        Files.write(source.resolve(CANARY + ".txt"), ("diagnosis of " + CANARY).getBytes(UTF_8));
        Files.createSymbolicLink(source.resolve("link"), Path.of(CANARY + "-elsewhere"));
        Files.write(source.resolve("b.img"), Bytes.random(1, 700_000));
        sandbox = new Sandbox(temp.resolve("state")).create();
        try (Repository writer = sandbox.openAsWriter()) {
            snapshot = writer.backup(
                            BackupRequest.of(CANARY + "-source", List.of(Sandbox.path(source)))
                                    .tagged(new TreeMap<>(Map.of("patient", CANARY))),
                            Sandbox.SILENT)
                    .snapshot();
        }
    }

    private Secret key(KeyRole role) {
        try (Repository owner = sandbox.open()) {
            return owner.keys().addRecipient(role, role + " of the test");
        }
    }

    private Repository openAs(KeyRole role) {
        return Repository.open(sandbox.store, sandbox.context, new Credential.KeyFile(key(role)), Sandbox.SILENT);
    }

    private static void isRefused(String ability, ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .withMessageContaining(ability)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
    }

    private BackupRequest request() {
        return BackupRequest.of("again", List.of(Sandbox.path(source)));
    }

    @Test
    void aReaderListsComparesRestoresAndVerifiesAndBacksUpNothing() throws IOException {
        try (Repository reader = openAs(KeyRole.READER)) {
            assertThat(reader.role()).isEqualTo(KeyRole.READER);
            assertThat(reader.reads()).isTrue();
            assertThat(reader.find("latest@" + CANARY + "-source", Sandbox.SILENT)
                            .id())
                    .isEqualTo(snapshot);
            reader.diff(snapshot, snapshot, difference -> {}, Sandbox.SILENT);
            var out = new ByteArrayOutputStream();
            reader.dump(
                    snapshot, Sandbox.path(source.resolve(CANARY + ".txt")), Channels.newChannel(out), Sandbox.SILENT);
            assertThat(out.toString(UTF_8)).isEqualTo("diagnosis of " + CANARY);
            Path target = temp.resolve("out");
            reader.restore(new RestoreRequest(snapshot, Sandbox.path(source), List.of(), target), Sandbox.SILENT);
            assertThat(target.resolve("b.img")).hasSameBinaryContentAs(source.resolve("b.img"));
            assertThat(reader.verify(VerifyLevel.RESTORE, 1, Set.of(), Sandbox.SILENT)
                            .isWhole())
                    .isTrue();
            assertThat(reader.stats(Sandbox.SILENT).snapshots()).isEqualTo(1);
            isRefused("backs up nothing", () -> reader.backup(request(), Sandbox.SILENT));
            isRefused("backs up nothing", () -> reader.assemble(request(), Sandbox.SILENT));
            isRefused("backs up nothing", () -> reader.keys().addRecipient(KeyRole.READER, "another"));
        }
        try (Repository owner = sandbox.open()) {
            assertThat(owner.verified(Sandbox.SILENT).values())
                    .singleElement()
                    .satisfies(proof -> assertThat(proof.whole()).isTrue());
        }
    }

    @Test
    void aMaintainerProvesWhatItCanAndReadsNeitherNamesNorData() {
        try (Repository maintainer = openAs(KeyRole.MAINTAINER)) {
            assertThat(maintainer.reads()).isFalse();
            for (VerifyLevel level : List.of(VerifyLevel.PRESENCE, VerifyLevel.STRUCTURE, VerifyLevel.CIPHERTEXT)) {
                VerifyResult result = maintainer.verify(level, 1, Set.of(), Sandbox.SILENT);
                assertThat(result.damaged()).as("%s", level).isEmpty();
                assertThat(result.snapshots()).containsExactly(snapshot);
            }
            RepositoryStats stats = maintainer.stats(Sandbox.SILENT);
            assertThat(stats.snapshots()).isEqualTo(1);
            assertThat(stats.logicalBytes()).isGreaterThan(700_000);
            String ability = "reads neither names nor data";
            isRefused(ability, () -> maintainer.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT));
            isRefused(ability, () -> maintainer.snapshots(Sandbox.SILENT));
            isRefused(ability, () -> maintainer.snapshot(snapshot, Sandbox.SILENT));
            isRefused(ability, () -> maintainer.list(snapshot, PathBytes.of("/"), true, entry -> {}, Sandbox.SILENT));
            isRefused(
                    ability,
                    () -> maintainer.restore(RestoreRequest.of(snapshot, temp.resolve("out")), Sandbox.SILENT));
            isRefused(ability, () -> maintainer.backup(request(), Sandbox.SILENT));
            isRefused(ability, () -> maintainer.keys().addRecipient(KeyRole.READER, "another"));
        }
        try (Repository owner = sandbox.open()) {
            assertThat(owner.verified(Sandbox.SILENT).values())
                    .extracting(Repository.Verified::level)
                    .containsExactly(VerifyLevel.CIPHERTEXT);
        }
    }

    @Test
    void aMaintainerFindsAMissingPackAndNamesTheRestorePointThatNeedsIt() {
        for (String kind : List.of("d/", "m/", "r/")) {
            var damaged = new Sandbox(temp.resolve("state"), sandbox.store);
            List<ObjectName> packs = sandbox.store.names(kind);
            List<byte[]> kept = packs.stream().map(sandbox.store::readAll).toList();
            packs.forEach(damaged.store::delete);

            try (Repository maintainer = openAs(KeyRole.MAINTAINER)) {
                VerifyResult result = maintainer.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT);

                assertThat(result.snapshots()).as(kind).isEmpty();
                assertThat(result.damaged()).anySatisfy(damage -> {
                    assertThat(damage.object()).startsWith(kind);
                    assertThat(damage.snapshots()).containsExactly(snapshot);
                    assertThat(damage.paths()).isEmpty();
                });
            }
            for (int i = 0; i < packs.size(); i++) {
                sandbox.store.overwrite(packs.get(i), kept.get(i));
            }
        }
    }

    @Test
    void aMaintainerFindsNoNameAndNoDataInAnythingThatItCanOpen() {
        Secret file = key(KeyRole.MAINTAINER);
        try (Repository maintainer =
                Repository.open(sandbox.store, sandbox.context, new Credential.KeyFile(file), Sandbox.SILENT)) {
            maintainer.verify(VerifyLevel.CIPHERTEXT, 1, Set.of(), Sandbox.SILENT);
        }
        Disclosure maintainer = Disclosure.of(sandbox.store, KeyFile.read(file));

        assertThat(maintainer.opened()).contains("t/", "s/", "c/", "root/", "i/", "v/", "d/", "m/", "r/", "record r/");
        assertThat(maintainer.opened()).doesNotContain("record d/", "record m/", "named s/");
        assertThat(maintainer.find(CANARY)).isEmpty();
        assertThat(maintainer.find("ward")).isEmpty();
        // The same search finds them with a reader's key, so it looks at the right places.
        Disclosure reader = Disclosure.of(sandbox.store, KeyFile.read(key(KeyRole.READER)));
        assertThat(reader.opened()).contains("record d/", "record m/", "named s/");
        assertThat(reader.find(CANARY)).contains("record d/", "record m/", "named s/");
    }

    @Test
    void aWriterFindsNoNameAndNoDataInAnythingThatItCanOpen() {
        Disclosure writer = Disclosure.of(sandbox.store, KeyFile.read(sandbox.writerKey()));

        assertThat(writer.opened()).doesNotContain("record d/", "record m/", "record r/", "named s/");
        assertThat(writer.find(CANARY)).isEmpty();
    }

    @Test
    void noRoleButTheOwnersHasTheAdministratorsKey() {
        for (KeyRole role : List.of(KeyRole.WRITER, KeyRole.MAINTAINER, KeyRole.READER)) {
            var ring = KeyFile.read(key(role));
            assertThat(ring.role()).isEqualTo(role);
            assertThat(ring.admin().signing()).isEmpty();
            isRefused("cannot certify", () -> ring.admin().requireSigning());
        }
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> key(KeyRole.OWNER));
        assertThat(KeyRole.of(3)).contains(KeyRole.MAINTAINER);
        assertThat(KeyRole.of(9)).isEmpty();
        assertThat(KeyRole.READER.may(KeyRole.Right.COLLECT)).isFalse();
        assertThat(KeyRole.MAINTAINER.code()).isEqualTo(3);
        assertThat(KeyRole.WRITER.ability()).contains("reads nothing");
    }
}
