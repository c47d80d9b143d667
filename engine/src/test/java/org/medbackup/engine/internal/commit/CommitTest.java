package org.medbackup.engine.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.Ed25519;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.tree.Sums;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/** Tickets, manifests, slots, certificates and the results of verifications. */
class CommitTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final byte[] REPOSITORY = Rings.OWNER.repository();

    /** How many damaged forms of what has to be signed each time. */
    private static final int SIGNED = 100;

    private static final Signers SIGNERS = Rings.signers();

    private final MemoryStore store = Rings.certified();
    private final SeededEntropy entropy = new SeededEntropy(1);
    private final Ticket.Opened ticket = Ticket.open(Rings.WRITER, THEN, Duration.ofMinutes(7), entropy);
    private final String id = ticket.ticket().text();
    private final Findings findings = Rings.findings();
    private final Slots slots = new Slots(store, Rings.OWNER, SIGNERS, findings);

    static LongStream seeds() {
        return Seeds.of(1);
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private HybridKem.Sealed names() {
        return java.util.Objects.requireNonNull(
                ticket.secrets().get(Rings.OWNER.names().id()));
    }

    private Manifest manifest(String tool) {
        var open = new Manifest.Open(
                ticket.ticket().id(),
                ticket.ticket().writer(),
                THEN,
                THEN.plusSeconds(9),
                new byte[32],
                new byte[0],
                ChunkId.of(new byte[32]),
                names().encapsulation(),
                new Sums(5, 4, 1L << 40),
                6);
        var tags = new TreeMap<String, String>();
        tags.put("site", "Bonn");
        tags.put("ward", "3 süd");
        var evidence = new TreeMap<String, String>();
        evidence.put("start", "0/3000028");
        var named = new Manifest.Named(
                ChunkId.of(new byte[32]),
                "clinic",
                "db1",
                List.of(PathBytes.of("/srv"), PathBytes.of("/r\\xe9sum\\xe9")),
                tags,
                "",
                "",
                tool,
                ConsistencyLevel.APPLICATION_CONSISTENT,
                evidence,
                List.of(new Manifest.ReadError(PathBytes.of("/srv/x"), "MB-1", "it is gone")),
                17,
                99,
                "ab".repeat(32));
        return new Manifest(open, named);
    }

    private byte[] encoded(KeyRing signer, String tool) {
        return ManifestCodec.encode(manifest(tool), signer, names().secret(), entropy);
    }

    private Manifest decode(byte[] object, KeyRing keys) {
        return ManifestCodec.decode(object, ticket.ticket().id(), keys, SIGNERS);
    }

    @Test
    void aManifestComesBackToAReaderAndItsOpenPartToAWriter() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");
        Manifest read = decode(object, Rings.OWNER);
        Manifest written = manifest("medbackup 1");

        assertThat(read.readable()).isEqualTo(written.readable());
        assertThat(read.text()).isEqualTo(id);
        assertThat(read.open().started()).isEqualTo(THEN);
        assertThat(read.open().sums()).isEqualTo(new Sums(5, 4, 1L << 40));
        assertThat(read.open().generation()).isEqualTo(6);
        Manifest foreign = decode(object, Rings.WRITER);
        assertThat(foreign.readable()).isEmpty();
        assertThat(foreign.open().ended()).isEqualTo(THEN.plusSeconds(9));
    }

    @Test
    void aManifestOfASignerWithoutCertificateIsRefused() {
        fails(ErrorCode.SIGNATURE_INVALID, () -> decode(encoded(Rings.UNCERTIFIED, "medbackup 1"), Rings.OWNER));
    }

    @Test
    void onlyOwnerAndWritersSignRestorePointsAndOnlyThoseWhoVerifySignResults() {
        for (KeyRing ring : List.of(Rings.MAINTAINER, Rings.READER)) {
            byte[] body = Envelope.unwrap(encoded(Rings.WRITER, "medbackup 1")).body();
            int end = body.length - 32 - Ed25519.SIGNATURE;
            byte[] unsigned = new ByteWriter()
                    .raw(body, 0, end)
                    .raw(Certificate.publicOf(ring))
                    .toBytes();
            byte[] signed = new ByteWriter()
                    .raw("mb/manifest/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                    .raw(REPOSITORY)
                    .raw(unsigned)
                    .toBytes();
            byte[] object = Envelope.wrap(
                    Envelope.Kind.MANIFEST,
                    REPOSITORY,
                    new ByteWriter()
                            .raw(unsigned)
                            .raw(ring.signer().sign(signed))
                            .toBytes());
            fails(ErrorCode.SIGNATURE_INVALID, () -> decode(object, Rings.OWNER));
        }
        var record = new VerificationRecord(THEN, VerifyLevel.CIPHERTEXT, 1, List.of(id), List.of());
        ObjectName name = VerificationRecord.newName(THEN, entropy);
        byte[] good = record.encode(name, Rings.MAINTAINER, entropy);
        assertThat(VerificationRecord.decode(good, name, Rings.WRITER, SIGNERS)).isEqualTo(record);
        byte[] byWriter = record.encode(name, Rings.WRITER, entropy);
        fails(ErrorCode.SIGNATURE_INVALID, () -> VerificationRecord.decode(byWriter, name, Rings.OWNER, SIGNERS));
    }

    @Test
    void aCertificateFromBeforeThereWereRolesLetsItsHolderSignAsBefore() {
        var old = new Certificate(Rings.UNCERTIFIED.signer().verifying(), THEN, "writer", null);
        var fresh = new MemoryStore();
        byte[] object = old.encode(REPOSITORY, Rings.OWNER.admin().requireSigning());
        fresh.putIfAbsent(old.name("keys"), ObjectContent.of(object));

        Signers signers = Signers.read(fresh, Rings.READER, findings);

        byte[] signer = Certificate.publicOf(Rings.UNCERTIFIED);
        assertThat(signers.of(signer, KeyRole.Right.BACK_UP)).isPresent();
        assertThat(signers.of(signer, KeyRole.Right.PROVE)).isPresent();
        assertThat(signers.of(signer, KeyRole.Right.ADMINISTER)).isEmpty();
        assertThat(signers.all())
                .singleElement()
                .satisfies(only -> assertThat(only.role()).isNull());
    }

    @Test
    void aManifestUnderAnotherNameOrOfAnotherRepositoryIsRefused() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");

        fails(ErrorCode.OBJECT_DAMAGED, () -> ManifestCodec.decode(object, new byte[16], Rings.OWNER, SIGNERS));
        fails(
                ErrorCode.OBJECT_DAMAGED,
                () -> ManifestCodec.decode(object, ticket.ticket().id(), Rings.STRANGER, SIGNERS));
    }

    @Test
    void aManifestThatWasChangedAndSummedAgainIsRefusedByItsSignature() {
        byte[] body = Envelope.unwrap(encoded(Rings.WRITER, "medbackup 1")).body();
        for (int at = 2; at < body.length; at += 41) {
            byte[] changed = body.clone();
            changed[at] ^= 1;
            byte[] object = Envelope.wrap(Envelope.Kind.MANIFEST, REPOSITORY, changed);

            assertThatExceptionOfType(DamageException.class).isThrownBy(() -> decode(object, Rings.OWNER));
        }
    }

    /** A manifest of these plain parts, sealed and signed as it should be. */
    private byte[] forged(byte[] open, byte[] named) {
        byte[] context =
                new ByteWriter().raw(REPOSITORY).raw(ticket.ticket().id()).toBytes();
        var body = new ByteWriter();
        body.bytes(SealedBytes.seal(Rings.OWNER.indexKey(), "mb/manifest/open/v1", context, open, entropy));
        body.bytes(SealedBytes.seal(names().secret(), "mb/manifest/named/v1", context, named, entropy));
        body.raw(Certificate.publicOf(Rings.WRITER));
        byte[] signed = new ByteWriter()
                .raw("mb/manifest/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .raw(REPOSITORY)
                .raw(body.toBytes())
                .toBytes();
        body.raw(Rings.WRITER.signer().sign(signed));
        return Envelope.wrap(Envelope.Kind.MANIFEST, REPOSITORY, body.toBytes());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void manifestsThatNobodyWroteAreReadOrRefusedAsDamage(long seed) throws UnauthenticException {
        var in = new ByteReader(
                Envelope.unwrap(encoded(Rings.WRITER, "medbackup 1")).body());
        byte[] context =
                new ByteWriter().raw(REPOSITORY).raw(ticket.ticket().id()).toBytes();
        byte[] open = SealedBytes.open(Rings.OWNER.indexKey(), "mb/manifest/open/v1", context, in.bytes());
        byte[] named = SealedBytes.open(names().secret(), "mb/manifest/named/v1", context, in.bytes());

        Mutations.areReadOrRefused(
                open, seed, SIGNED, bytes -> decode(forged(bytes, named), Rings.OWNER), BackupException.class);
        Mutations.areReadOrRefused(
                named, seed, SIGNED, bytes -> decode(forged(open, bytes), Rings.OWNER), DamageException.class);
        byte[] later = new ByteWriter().raw(open).field(60, new byte[3]).toBytes();
        assertThat(decode(forged(later, named), Rings.OWNER).text()).isEqualTo(id);
    }

    @Test
    void aSlotIsTakenOnceAndTheSameManifestTwiceIsNoFailure() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");
        slots.commit(id, object, Keeping.NONE);
        slots.commit(id, object, Keeping.NONE);

        assertThat(slots.read(id)).map(Manifest::text).contains(id);
        fails(ErrorCode.COMMIT_REFUSED, () -> slots.commit(id, encoded(Rings.WRITER, "another"), Keeping.NONE));
        assertThat(store.readAll(Slots.slot(id))).isEqualTo(object);
    }

    @Test
    void aRevokedSlotRefusesTheCommitAndHoldsNoRestorePoint() {
        byte[] revocation = Envelope.wrap(Envelope.Kind.REVOCATION, REPOSITORY, new byte[8]);
        store.putIfAbsent(Slots.slot(id), ObjectContent.of(revocation));

        fails(ErrorCode.COMMIT_REFUSED, () -> slots.commit(id, encoded(Rings.WRITER, "medbackup 1"), Keeping.NONE));
        assertThat(slots.read(id)).isEmpty();
        assertThat(slots.object(id)).isEmpty();
        slots.each(
                manifest -> assertThat(manifest).isNull(),
                (name, damage) -> assertThat(damage).isNull());
    }

    @Test
    void aCopyWithoutItsSlotIsNoRestorePoint() {
        store.putIfAbsent(Slots.copy(id), ObjectContent.of(encoded(Rings.WRITER, "medbackup 1")));

        assertThat(slots.ids()).isEmpty();
        assertThat(slots.read(id)).isEmpty();
    }

    @Test
    void aDamagedSlotIsReadFromItsCopyAndSaysSo() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");
        slots.commit(id, object, Keeping.NONE);
        for (int at = 0; at < object.length; at += 97) {
            store.overwrite(Slots.slot(id), object);
            store.flip(Slots.slot(id), at);

            assertThat(slots.object(id)).contains(object);
        }
        assertThat(slots.read(id)).map(Manifest::text).contains(id);
        assertThat(findings.all()).containsEntry(Slots.slot(id), ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void whereSlotAndCopyAreDamagedTheRestorePointIsNamedAndTheOthersAreListed() {
        slots.commit(id, encoded(Rings.WRITER, "medbackup 1"), Keeping.NONE);
        store.flip(Slots.slot(id), 50);
        store.flip(Slots.copy(id), 50);
        var unreadable = new ArrayList<String>();

        slots.each(manifest -> assertThat(manifest).isNull(), (name, damage) -> {
            assertThat(damage.context()).containsEntry("object", "s/" + name);
            unreadable.add(name);
        });

        assertThat(unreadable).containsExactly(id);
    }

    @Test
    void aDamagedSlotThatIsNotAsLongAsItsCopyIsNotReadFromIt() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");
        slots.commit(id, object, Keeping.NONE);
        store.overwrite(Slots.slot(id), Arrays.copyOf(object, object.length - 1));
        fails(ErrorCode.OBJECT_DAMAGED, () -> slots.read(id));

        store.overwrite(Slots.slot(id), Arrays.copyOf(object, 200));
        fails(ErrorCode.OBJECT_DAMAGED, () -> slots.read(id));

        store.overwrite(Slots.slot(id), object);
        store.flip(Slots.slot(id), 50);
        store.delete(Slots.copy(id));
        fails(ErrorCode.OBJECT_DAMAGED, () -> slots.read(id));
    }

    @Test
    void aForgedSlotIsNotReplacedByTheCopy() {
        slots.commit(id, encoded(Rings.UNCERTIFIED, "medbackup 1"), Keeping.NONE);

        fails(ErrorCode.SIGNATURE_INVALID, () -> slots.read(id));
    }

    @Test
    void whatIsNotOursBesideTheSlotsIsNoRestorePoint() {
        byte[] object = encoded(Rings.WRITER, "medbackup 1");
        slots.commit(id, object, Keeping.NONE);
        store.overwrite(ObjectName.of("s/" + id + ".bak"), object);
        store.overwrite(ObjectName.of("s/readme"), object);
        var listed = new ArrayList<String>();

        slots.each(manifest -> listed.add(manifest.text()), (name, damage) -> listed.add(name));

        assertThat(listed).containsExactly(id);
    }

    private Ticket decode(byte[] object, ObjectName name) {
        return Ticket.decode(object, name, Rings.OWNER);
    }

    @Test
    void aTicketComesBackAndLivesOnUnderItsNextName() {
        Ticket first = ticket.ticket();
        Ticket renewed = first.renewed(THEN.plusSeconds(60));
        Ticket read = decode(renewed.encode(Rings.WRITER, entropy), renewed.name());

        assertThat(first.name().text()).isEqualTo("t/" + id + "-0");
        assertThat(renewed.name().text()).isEqualTo("t/" + id + "-1");
        assertThat(read.text()).isEqualTo(id);
        assertThat(read.opened()).isEqualTo(THEN.plusSeconds(60));
        assertThat(read.lease()).isEqualTo(Duration.ofMinutes(7));
        assertThat(read.writer()).isEqualTo(Certificate.keyId(Certificate.publicOf(Rings.WRITER)));
        assertThat(read.encapsulations()).hasSize(3);
        assertThat(read).hasToString("Ticket[" + id + "]");
        Rings.OWNER
                .domains()
                .forEach(domain -> assertThat(HybridKem.decapsulate(
                                domain.openedBy().orElseThrow(),
                                java.util.Objects.requireNonNull(
                                        read.encapsulations().get(domain.id()))))
                        .isEqualTo(java.util.Objects.requireNonNull(
                                        ticket.secrets().get(domain.id()))
                                .secret()));
        fails(ErrorCode.OBJECT_DAMAGED, () -> decode(renewed.encode(Rings.WRITER, entropy), first.name()));
        fails(
                ErrorCode.OBJECT_DAMAGED,
                () -> Ticket.decode(first.encode(Rings.WRITER, entropy), first.name(), Rings.STRANGER));
    }

    /** A small object of this plain text, sealed under the index key as it should be. */
    private byte[] forged(Envelope.Kind kind, String label, ObjectName name, byte[] plain) {
        byte[] sealed = SealedBytes.seal(Rings.OWNER.indexKey(), label, context(name), plain, entropy);
        return Envelope.wrap(kind, REPOSITORY, sealed);
    }

    private static byte[] context(ObjectName name) {
        return new ByteWriter().raw(REPOSITORY).text(name.text()).toBytes();
    }

    private static byte[] plain(byte[] object, String label, ObjectName name) throws UnauthenticException {
        return SealedBytes.open(
                Rings.OWNER.indexKey(),
                label,
                context(name),
                Envelope.unwrap(object).body());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void ticketsThatNobodyWroteAreReadOrRefusedAsDamage(long seed) throws UnauthenticException {
        ObjectName name = ticket.ticket().name();
        byte[] plain = plain(ticket.ticket().encode(Rings.WRITER, entropy), "mb/ticket/v1", name);

        Mutations.areReadOrRefused(
                plain,
                seed,
                bytes -> decode(forged(Envelope.Kind.TICKET, "mb/ticket/v1", name, bytes), name),
                DamageException.class);
    }

    @Test
    void aResultOfAVerificationComesBackAndIsSigned() {
        var record = new VerificationRecord(THEN, VerifyLevel.CONTENT, 0.25, List.of(id), List.of("00".repeat(16)));
        ObjectName name = VerificationRecord.newName(THEN, entropy);

        assertThat(name.text()).startsWith("v/" + HexFormat.of().toHexDigits(THEN.toEpochMilli(), 12) + "-");
        assertThat(VerificationRecord.decode(record.encode(name, Rings.READER, entropy), name, Rings.OWNER, SIGNERS))
                .isEqualTo(record);
        fails(
                ErrorCode.SIGNATURE_INVALID,
                () -> VerificationRecord.decode(
                        record.encode(name, Rings.UNCERTIFIED, entropy), name, Rings.OWNER, SIGNERS));
        ObjectName other = VerificationRecord.newName(THEN, entropy);
        fails(
                ErrorCode.OBJECT_DAMAGED,
                () -> VerificationRecord.decode(
                        record.encode(name, Rings.READER, entropy), other, Rings.OWNER, SIGNERS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void resultsThatNobodyWroteAreReadOrRefusedAsDamage(long seed) throws UnauthenticException {
        var record = new VerificationRecord(THEN, VerifyLevel.CONTENT, 1, List.of(id), List.of(id, id));
        ObjectName name = VerificationRecord.newName(THEN, entropy);
        String label = "mb/verification/v1";
        byte[] content = new ByteReader(plain(record.encode(name, Rings.READER, entropy), label, name)).bytes();

        Mutations.areReadOrRefused(
                content,
                seed,
                SIGNED,
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw(label.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            .raw(context(name))
                            .raw(bytes)
                            .toBytes();
                    byte[] plain = new ByteWriter()
                            .bytes(bytes)
                            .raw(Certificate.publicOf(Rings.READER))
                            .raw(Rings.READER.signer().sign(signed))
                            .toBytes();
                    byte[] object = forged(Envelope.Kind.VERIFICATION, label, name, plain);
                    VerificationRecord.decode(object, name, Rings.OWNER, SIGNERS);
                },
                DamageException.class);
    }

    private static Certificate certificate(KeyRing ring) {
        return Certificate.of(ring, THEN, "writer 7");
    }

    private static byte[] encoded(Certificate certificate, SigningKey admin) {
        return certificate.encode(REPOSITORY, admin);
    }

    @Test
    void aCertificateIsTheAdministratorsOrNone() {
        SigningKey admin = Rings.OWNER.admin().requireSigning();
        byte[] object = encoded(certificate(Rings.UNCERTIFIED), admin);

        Certificate read = Certificate.decode(object, Rings.WRITER);
        assertThat(read.name()).isEqualTo("writer 7");
        assertThat(read.created()).isEqualTo(THEN);
        assertThat(read.key().ed25519()).isEqualTo(Certificate.publicOf(Rings.UNCERTIFIED));
        assertThat(read.name("keys").text()).matches("keys/signer-[0-9a-f]{16}");
        byte[] forged = encoded(certificate(Rings.UNCERTIFIED), Rings.UNCERTIFIED.signer());
        fails(ErrorCode.SIGNATURE_INVALID, () -> Certificate.decode(forged, Rings.OWNER));
        byte[] cut = Envelope.wrap(Envelope.Kind.CERTIFICATE, REPOSITORY, new byte[] {5});
        fails(ErrorCode.OBJECT_DAMAGED, () -> Certificate.decode(cut, Rings.OWNER));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void certificatesThatNobodyWroteAreReadOrRefusedAsDamage(long seed) {
        SigningKey admin = Rings.OWNER.admin().requireSigning();
        byte[] body = Envelope.unwrap(encoded(certificate(Rings.WRITER), admin)).body();
        byte[] content = new ByteReader(body).bytes();

        Mutations.areReadOrRefused(
                content,
                seed,
                SIGNED,
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw("mb/certificate/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            .raw(REPOSITORY)
                            .raw(bytes)
                            .toBytes();
                    byte[] changed = new ByteWriter()
                            .bytes(bytes)
                            .raw(admin.sign(signed))
                            .toBytes();
                    Certificate.decode(Envelope.wrap(Envelope.Kind.CERTIFICATE, REPOSITORY, changed), Rings.OWNER);
                },
                DamageException.class);
    }

    @Test
    void oneDamagedCopyOfACertificateCostsNobodyHisSignature() {
        ObjectName damaged = store.names("keys/").getFirst();
        store.flip(damaged, 40);

        Signers signers = Signers.read(store, Rings.OWNER, findings);

        assertThat(signers.of(Certificate.publicOf(Rings.OWNER), KeyRole.Right.BACK_UP))
                .isPresent();
        assertThat(signers.of(Certificate.publicOf(Rings.WRITER), KeyRole.Right.BACK_UP))
                .isPresent();
        assertThat(signers.of(Certificate.publicOf(Rings.UNCERTIFIED), KeyRole.Right.BACK_UP))
                .isEmpty();
        assertThat(findings.all()).containsOnlyKeys(damaged);
    }
}
