package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.ManifestCodec;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.crypto.Ed25519;
import org.medbackup.engine.internal.crypto.MlDsa;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.testkit.MemoryStore;

/** A repository whose signatures have two parts, Ed25519 and ML-DSA-65. */
class HybridSignaturesTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();
    private Secret writerKey = Secret.ofText("none yet");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String snapshot = "";

    @BeforeEach
    void create() throws IOException {
        sandbox = new Sandbox(temp.resolve("state"), store);
        writerKey = Repository.create(
                        store, sandbox.context, Sandbox.password(), 10, RepositoryOptions.Signatures.HYBRID)
                .writerKey();
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("a.txt"), "alpha".getBytes(UTF_8));
        try (Repository writer =
                Repository.open(store, sandbox.context, new Credential.KeyFile(writerKey), Sandbox.SILENT)) {
            snapshot = writer.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT)
                    .snapshot();
        }
    }

    private KeyRing owner() {
        try (Repository owner = sandbox.open()) {
            return KeyFile.read(owner.keys().exportRecovery());
        }
    }

    private Signers signers(KeyRing ring) {
        return Signers.read(store, ring, new Findings(OperationLog.silent()));
    }

    @Test
    void restorePointsResultsAndCertificatesAreSignedByBothAndRead() {
        try (Repository owner = sandbox.open()) {
            assertThat(owner.verify(VerifyLevel.RESTORE, 1, Set.of(), Sandbox.SILENT)
                            .isWhole())
                    .isTrue();
            assertThat(owner.verified(Sandbox.SILENT)).containsKey(snapshot);
            Secret reader = owner.keys().addRecipient(KeyRole.READER, "reader");
            assertThat(owner.keys().list(Sandbox.SILENT))
                    .filteredOn(key -> key.kind() == KeyInfo.Kind.SIGNER)
                    .hasSize(3)
                    .allSatisfy(key -> assertThat(key.algorithm()).isEqualTo("Ed25519+ML-DSA-65"));
            KeyRing ring = KeyFile.read(reader);
            assertThat(KeyRing.decode(ring.encode()).encode()).isEqualTo(ring.encode());
        }
        assertThat(new String(store.readAll(ObjectName.of("format")), UTF_8))
                .contains("\"read\":[\"ml-dsa-65\"]", "\"signature\":\"Ed25519+ML-DSA-65\"");
        assertThat(RepositoryOptions.USUAL.signatures()).isEqualTo(RepositoryOptions.Signatures.ED25519);
    }

    private byte[] body() {
        return Envelope.unwrap(store.readAll(ObjectName.of("s/" + snapshot))).body();
    }

    private void isRefused(byte[] body, KeyRing ring) {
        byte[] object = Envelope.wrap(Envelope.Kind.MANIFEST, ring.repository(), body);
        byte[] id = java.util.HexFormat.of().parseHex(snapshot);
        Signers signers = signers(ring);
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> ManifestCodec.decode(object, id, ring, signers))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SIGNATURE_INVALID));
    }

    /** Somebody who breaks one of the algorithms, or leaves the other away, forges nothing. */
    @Test
    void oneHalfOfASignatureIsWorthNothing() {
        KeyRing ring = owner();
        byte[] body = body();
        int unsigned = body.length - Ed25519.SIGNATURE - MlDsa.SIGNATURE;
        byte[] withoutPost = Arrays.copyOf(body, unsigned + Ed25519.SIGNATURE);
        byte[] withoutClassic = new ByteWriter()
                .raw(body, 0, unsigned)
                .raw(body, unsigned + Ed25519.SIGNATURE, MlDsa.SIGNATURE)
                .toBytes();
        isRefused(withoutPost, ring);
        isRefused(withoutClassic, ring);
        for (int at : new int[] {unsigned, unsigned + Ed25519.SIGNATURE, body.length - 100}) {
            byte[] changed = body.clone();
            changed[at] ^= 1;
            isRefused(changed, ring);
        }
        // Signed anew with Ed25519 alone, as the other algorithm would.
        byte[] message = new ByteWriter()
                .raw("mb/manifest/v1".getBytes(US_ASCII))
                .raw(ring.repository())
                .raw(body, 0, unsigned)
                .toBytes();
        SigningKey writer = KeyFile.read(writerKey).signer();
        byte[] alone = new SigningKey(writer.ed25519Seed(), null).sign(message);
        isRefused(new ByteWriter().raw(body, 0, unsigned).raw(alone).toBytes(), ring);
        // The halves of another order of things: an Ed25519 signature that is right and an ML-DSA signature of another
        // key.
        SigningKey mixed = new SigningKey(writer.ed25519Seed(), ring.signer().mlDsaSeed());
        isRefused(
                new ByteWriter().raw(body, 0, unsigned).raw(mixed.sign(message)).toBytes(), ring);
    }

    @Test
    void aCertificateNeedsBothHalvesOfTheAdministratorsSignature() {
        KeyRing ring = owner();
        ObjectName name = store.names("keys/signer-").getFirst();
        var in = new ByteReader(Envelope.unwrap(store.readAll(name)).body());
        byte[] content = in.bytes();
        byte[] signature = in.raw(in.remaining());
        assertThat(signature).hasSize(Ed25519.SIGNATURE + MlDsa.SIGNATURE);
        SigningKey admin = ring.admin().requireSigning();
        byte[] message = new ByteWriter()
                .raw("mb/certificate/v1".getBytes(US_ASCII))
                .raw(ring.repository())
                .raw(content)
                .toBytes();
        byte[] alone = new SigningKey(admin.ed25519Seed(), null).sign(message);
        for (byte[] forged : List.of(alone, Arrays.copyOf(signature, Ed25519.SIGNATURE))) {
            byte[] object = Envelope.wrap(
                    Envelope.Kind.CERTIFICATE,
                    ring.repository(),
                    new ByteWriter().bytes(content).raw(forged).toBytes());
            assertThatExceptionOfType(DamageException.class)
                    .isThrownBy(() -> Certificate.decode(object, ring))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SIGNATURE_INVALID));
        }
    }

    @Test
    void keysOfAnotherLengthAreNoKeys() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        new org.medbackup.engine.internal.crypto.VerifyingKey(new byte[31], new byte[MlDsa.PUBLIC]));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new org.medbackup.engine.internal.crypto.VerifyingKey(new byte[32], new byte[7]));
        assertThat(MlDsa.verify(new byte[MlDsa.PUBLIC], new byte[3], new byte[MlDsa.SIGNATURE]))
                .isFalse();
        assertThat(MlDsa.verify(new byte[5], new byte[3], new byte[MlDsa.SIGNATURE]))
                .isFalse();
        assertThatExceptionOfType(org.medbackup.engine.internal.codec.MalformedException.class)
                .isThrownBy(() -> org.medbackup.engine.internal.crypto.SignatureAlgorithm.of(3));
    }
}
