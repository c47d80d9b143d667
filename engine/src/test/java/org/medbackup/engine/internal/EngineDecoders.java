package org.medbackup.engine.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.Suspicion;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.Forgotten;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.ManifestCodec;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.commit.Ticket;
import org.medbackup.engine.internal.commit.VerificationRecord;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.index.CondemnedPacks;
import org.medbackup.engine.internal.index.IndexRoot;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.index.SegmentDecoding;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.Stretching;
import org.medbackup.engine.internal.keys.WrappedKey;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.engine.internal.retain.AccessRecord;
import org.medbackup.engine.internal.retain.HoldRecord;
import org.medbackup.engine.internal.retain.Holds;
import org.medbackup.engine.internal.retain.SuspicionRecord;
import org.medbackup.engine.internal.scan.ScanCacheReader;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Page;
import org.medbackup.engine.internal.tree.ReferencePage;
import org.medbackup.engine.internal.tree.Sums;
import org.medbackup.testkit.Fuzzing.Decoder;
import org.medbackup.testkit.Fuzzing.Target;
import org.medbackup.testkit.Fuzzing.Targets;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/**
 * Every decoder of the engine. What is summed, sealed or signed is given so by somebody who holds the keys; otherwise
 * every input would end at the first checksum.
 */
public final class EngineDecoders implements Targets {

    private static final KeyRing OWNER = Rings.OWNER;
    private static final byte[] REPOSITORY = OWNER.repository();
    private static final Entropy ENTROPY = new SeededEntropy(8);
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Signers SIGNERS = Rings.signers();
    private static final Ticket.Opened TICKET = Ticket.open(Rings.WRITER, THEN, Duration.ofMinutes(5), ENTROPY);
    private static final byte[] ID = TICKET.ticket().id();
    private static final int LARGE = 1 << 20;

    private final MemoryStore none = new MemoryStore();
    private final Path scanCache;
    private final Compressor compressor = new Compressor(1);

    /** For the process of Jazzer. */
    public EngineDecoders() {
        try {
            scanCache = Files.createTempFile("decoders", ".scan");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        scanCache.toFile().deleteOnExit();
    }

    private static boolean refuses(Throwable thrown) {
        return thrown instanceof MalformedException
                || thrown instanceof JsonException
                || thrown instanceof UnauthenticException
                || thrown instanceof BackupException failure && failure.code() != ErrorCode.INTERNAL;
    }

    private static Target target(String name, Decoder decoder, byte[]... seeds) {
        return new Target(name, decoder, EngineDecoders::refuses, List.of(seeds));
    }

    private static byte[] context(ObjectName name) {
        return new ByteWriter().raw(REPOSITORY).text(name.text()).toBytes();
    }

    private static byte[] sealed(Envelope.Kind kind, String label, ObjectName name, byte[] plain) {
        return Envelope.wrap(
                kind, REPOSITORY, SealedBytes.seal(OWNER.indexKey(), label, context(name), plain, ENTROPY));
    }

    private static byte[] unsealed(byte[] object, String label, ObjectName name) {
        try {
            return SealedBytes.open(
                    OWNER.indexKey(),
                    label,
                    context(name),
                    Envelope.unwrap(object).body());
        } catch (UnauthenticException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] summed(byte[] bytes) {
        if (bytes.length < 60) {
            return bytes;
        }
        byte[] body = Arrays.copyOf(bytes, bytes.length - 32);
        return new ByteWriter().raw(body).raw(Crypto.sha256(body)).toBytes();
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public List<Target> all() {
        return List.of(
                target(
                        "envelope",
                        bytes -> Envelope.unwrap(summed(bytes)),
                        Envelope.wrap(Envelope.Kind.ROOT, REPOSITORY, new byte[3])),
                ticket(),
                manifest(),
                certificate(),
                verification(),
                condemned(),
                collection(),
                forgotten(),
                hold(),
                suspicion(),
                access(),
                root(),
                target("key-ring", KeyRing::decode, OWNER.encode(), Rings.WRITER.encode()),
                keyFile(),
                wrappedKey(),
                format(),
                target(
                        "json",
                        bytes -> Json.parse(new String(bytes, UTF_8)),
                        text("{\"a\":[1,2.5,null,true,\"\\u00e9\"]}")),
                packLayout(),
                packDirectory(),
                target("page", Page::decode, leaf(), inner(), extents(), extentPages()),
                target(
                        "reference-page",
                        ReferencePage::decode,
                        new ReferencePage(id(1), List.of(id(2)), List.of(id(3))).encode()),
                target("attributes", Attributes::decode, attributes()),
                target("index-segment", SegmentDecoding::segment, SegmentDecoding.sample(new SegmentBuilder())),
                segmentObject(),
                scanCache(),
                zstd());
    }

    private static ChunkId id(int number) {
        var bytes = new byte[32];
        bytes[0] = (byte) number;
        return ChunkId.of(bytes);
    }

    private static Target ticket() {
        ObjectName name = TICKET.ticket().name();
        return target(
                "ticket",
                bytes -> Ticket.decode(sealed(Envelope.Kind.TICKET, "mb/ticket/v1", name, bytes), name, OWNER),
                unsealed(TICKET.ticket().encode(OWNER, ENTROPY), "mb/ticket/v1", name));
    }

    /** The first byte says which of its two parts the rest is. */
    private static Target manifest() {
        HybridKem.Sealed names = java.util.Objects.requireNonNull(
                TICKET.secrets().get(OWNER.names().id()));
        var open = new Manifest.Open(
                ID,
                new byte[8],
                THEN,
                THEN,
                new byte[32],
                new byte[0],
                id(1),
                names.encapsulation(),
                new Sums(1, 1, 1),
                0);
        var named = new Manifest.Named(
                id(2),
                "clinic",
                "db1",
                List.of(PathBytes.of("/srv")),
                new TreeMap<>(Map.of("site", "Bonn")),
                "",
                "",
                "tool",
                ConsistencyLevel.FILE_LEVEL,
                new TreeMap<>(Map.of("start", "0/3")),
                List.of(new Manifest.ReadError(PathBytes.of("/x"), "MB-1", "gone")),
                1,
                2,
                "ab");
        byte[] object = ManifestCodec.encode(new Manifest(open, named), Rings.WRITER, names.secret(), ENTROPY);
        var in = new org.medbackup.engine.internal.codec.ByteReader(
                Envelope.unwrap(object).body());
        byte[] context = new ByteWriter().raw(REPOSITORY).raw(ID).toBytes();
        byte[] first;
        byte[] second;
        try {
            first = SealedBytes.open(OWNER.indexKey(), "mb/manifest/open/v1", context, in.bytes());
            second = SealedBytes.open(names.secret(), "mb/manifest/named/v1", context, in.bytes());
        } catch (UnauthenticException impossible) {
            throw new IllegalStateException(impossible);
        }
        return target(
                "manifest",
                bytes -> {
                    boolean isFirst = bytes.length > 0 && bytes[0] == 0;
                    byte[] part = bytes.length > 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
                    byte[] a = SealedBytes.seal(
                            OWNER.indexKey(), "mb/manifest/open/v1", context, isFirst ? part : first, ENTROPY);
                    byte[] b = SealedBytes.seal(
                            names.secret(), "mb/manifest/named/v1", context, isFirst ? second : part, ENTROPY);
                    var body = new ByteWriter().bytes(a).bytes(b).raw(Certificate.publicOf(Rings.WRITER));
                    byte[] signed = new ByteWriter()
                            .raw("mb/manifest/v1".getBytes(US_ASCII))
                            .raw(REPOSITORY)
                            .raw(body.toBytes())
                            .toBytes();
                    body.raw(Rings.WRITER.signer().sign(signed));
                    ManifestCodec.decode(
                            Envelope.wrap(Envelope.Kind.MANIFEST, REPOSITORY, body.toBytes()), ID, OWNER, SIGNERS);
                },
                new ByteWriter().u8(0).raw(first).toBytes(),
                new ByteWriter().u8(1).raw(second).toBytes());
    }

    private static Target certificate() {
        return target(
                "certificate",
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw("mb/certificate/v1".getBytes(US_ASCII))
                            .raw(REPOSITORY)
                            .raw(bytes)
                            .toBytes();
                    var body = new ByteWriter()
                            .bytes(bytes)
                            .raw(OWNER.admin().requireSigning().sign(signed));
                    Certificate.decode(Envelope.wrap(Envelope.Kind.CERTIFICATE, REPOSITORY, body.toBytes()), OWNER);
                },
                new ByteWriter().raw(new byte[32]).u64(9).text("owner").toBytes());
    }

    private static Target verification() {
        ObjectName name = VerificationRecord.newName(THEN, ENTROPY);
        return target(
                "verification",
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw("mb/verification/v1".getBytes(US_ASCII))
                            .raw(context(name))
                            .raw(bytes)
                            .toBytes();
                    var body = new ByteWriter().bytes(bytes).raw(Certificate.publicOf(OWNER));
                    body.raw(OWNER.signer().sign(signed));
                    byte[] object = sealed(Envelope.Kind.VERIFICATION, "mb/verification/v1", name, body.toBytes());
                    VerificationRecord.decode(object, name, OWNER, SIGNERS);
                },
                new ByteWriter()
                        .u64(9)
                        .text(VerifyLevel.CONTENT.name())
                        .varint(1_000_000)
                        .varint(1)
                        .raw(ID)
                        .varint(0)
                        .toBytes());
    }

    private static Target condemned() {
        ObjectName name = ObjectName.of("g/" + "0".repeat(15) + "7");
        return target(
                "condemned",
                bytes -> {
                    var store = new MemoryStore();
                    store.overwrite(name, sealed(Envelope.Kind.CONDEMNED, "mb/condemned/v1", name, bytes));
                    CondemnedPacks.decode(store.readAll(name), name, OWNER);
                },
                new byte[64]);
    }

    private static Target collection() {
        ObjectName name = ObjectName.of(CollectionRecord.prefix(7) + "d-" + "ab".repeat(8));
        return target(
                "collection",
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw("mb/collection/v1".getBytes(US_ASCII))
                            .raw(context(name))
                            .raw(bytes)
                            .toBytes();
                    var body = new ByteWriter().bytes(bytes).raw(Certificate.publicOf(OWNER));
                    body.raw(OWNER.signer().sign(signed));
                    var store = new MemoryStore();
                    store.overwrite(name, sealed(Envelope.Kind.COLLECTION, "mb/collection/v1", name, body.toBytes()));
                    CollectionRecord.read(
                            store,
                            OWNER,
                            SIGNERS,
                            CollectionRecord.Kind.DECISION,
                            name,
                            new Findings(OperationLog.silent()));
                },
                new ByteWriter().u64(7).u64(9).varint(1).raw(new byte[32]).toBytes());
    }

    private static Target forgotten() {
        ObjectName name = ObjectName.of(Forgotten.PREFIX + "0".repeat(12) + "-" + "ab".repeat(4));
        return target(
                "forgotten",
                bytes -> {
                    byte[] signed = new ByteWriter()
                            .raw("mb/forgotten/v1".getBytes(US_ASCII))
                            .raw(context(name))
                            .raw(bytes)
                            .toBytes();
                    var body = new ByteWriter()
                            .bytes(bytes)
                            .raw(OWNER.admin().requireSigning().sign(signed));
                    var store = new MemoryStore();
                    store.overwrite(name, sealed(Envelope.Kind.FORGOTTEN, "mb/forgotten/v1", name, body.toBytes()));
                    Forgotten.read(store, OWNER, new Findings(OperationLog.silent()));
                },
                new ByteWriter().u64(9).varint(1).raw(ID).raw(new byte[32]).toBytes());
    }

    private static Target hold() {
        ObjectName name = ObjectName.of(HoldRecord.PREFIX + "0".repeat(12) + "-" + "ab".repeat(4));
        var one = new LegalHold(
                "abababab",
                "matter",
                "somebody",
                Instant.ofEpochMilli(9),
                new LegalHold.Selector(
                        Set.of("ab".repeat(16)),
                        "ward",
                        "host",
                        List.of("/srv"),
                        Optional.of(Instant.EPOCH),
                        Optional.empty()));
        HybridKem.Sealed secret = HybridKem.encapsulate(OWNER.names().recipient(), ENTROPY);
        return target(
                "hold",
                bytes -> {
                    var store = new MemoryStore();
                    store.overwrite(name, byAdministrator(Envelope.Kind.HOLD, "hold", secret, name, bytes));
                    Holds.read(store, OWNER);
                },
                new HoldRecord(false, one).plain());
    }

    private static Target access() {
        ObjectName name = AccessRecord.version(1);
        HybridKem.Sealed secret = HybridKem.encapsulate(OWNER.names().recipient(), ENTROPY);
        return target(
                "access",
                bytes -> AccessRecord.decode(
                        byAdministrator(Envelope.Kind.ACCESS, "access", secret, name, bytes), name, OWNER),
                new AccessRecord.Version(1, "anna may").plain(),
                new AccessRecord.Used(Instant.ofEpochMilli(9)).plain());
    }

    /** An object that the administrator has signed, whatever it says. */
    private static byte[] byAdministrator(
            Envelope.Kind kind, String word, HybridKem.Sealed secret, ObjectName name, byte[] plain) {
        String label = "mb/" + word + "/v1";
        byte[] content = new ByteWriter()
                .varint(OWNER.names().id())
                .raw(secret.encapsulation())
                .raw(SealedBytes.seal(secret.secret(), "mb/" + word + "/named/v1", context(name), plain, ENTROPY))
                .toBytes();
        byte[] signed = new ByteWriter()
                .raw(label.getBytes(US_ASCII))
                .raw(context(name))
                .raw(content)
                .toBytes();
        var body = new ByteWriter()
                .bytes(content)
                .raw(OWNER.admin().requireSigning().sign(signed));
        return sealed(kind, label, name, body.toBytes());
    }

    private static Target suspicion() {
        ObjectName name = ObjectName.of(SuspicionRecord.PREFIX + "0".repeat(12) + "-" + "ab".repeat(4));
        KeyDomain names = OWNER.names();
        HybridKem.Sealed secret = HybridKem.encapsulate(names.recipient(), ENTROPY);
        String id = "ab".repeat(16);
        var one = new Suspicion(id, "ward", "host", Instant.ofEpochMilli(9), "tool", List.of("SWEEP", "CANARY"), id);
        return target(
                "suspicion",
                bytes -> {
                    byte[] content = new ByteWriter()
                            .u8(0)
                            .varint(names.id())
                            .raw(secret.encapsulation())
                            .raw(SealedBytes.seal(
                                    secret.secret(), "mb/suspicion/named/v1", context(name), bytes, ENTROPY))
                            .toBytes();
                    byte[] signed = new ByteWriter()
                            .raw("mb/suspicion/v1".getBytes(US_ASCII))
                            .raw(context(name))
                            .raw(content)
                            .toBytes();
                    var body = new ByteWriter()
                            .bytes(content)
                            .raw(Certificate.publicOf(OWNER))
                            .raw(OWNER.signer().sign(signed));
                    byte[] object = sealed(Envelope.Kind.SUSPICION, "mb/suspicion/v1", name, body.toBytes());
                    SuspicionRecord.decode(object, name, OWNER, SIGNERS);
                },
                new SuspicionRecord(Optional.of(one), id, "", "tool", Instant.ofEpochMilli(9)).plain());
    }

    private static Target root() {
        ObjectName name = IndexRoot.name(7);
        byte[] plain = unsealed(
                new IndexRoot(7, 1, List.of(ObjectName.of("i/0-" + "ab".repeat(32)))).encode(OWNER, ENTROPY),
                "mb/root/v1",
                name);
        return target(
                "index-root",
                bytes -> IndexRoot.decode(sealed(Envelope.Kind.ROOT, "mb/root/v1", name, bytes), name, OWNER),
                plain);
    }

    private static Target keyFile() {
        byte[] file = KeyFile.write(Rings.WRITER).use(byte[]::clone);
        return target("key-file", bytes -> KeyFile.read(Secret.copyOf(bytes)), file);
    }

    /** The rounds are few, whatever the input says: what many cost is no fault of the decoder. */
    private static Target wrappedKey() {
        Secret password = Secret.ofText("x");
        byte[] body = Envelope.unwrap(WrappedKey.wrap(OWNER, password, new Stretching.Pbkdf2(1), ENTROPY))
                .body();
        return target(
                "wrapped-key",
                bytes -> {
                    if (bytes.length > 4) {
                        System.arraycopy(new byte[] {1, 1, 0, 0, 0}, 0, bytes, 0, 5);
                    }
                    WrappedKey.unwrap(Envelope.wrap(Envelope.Kind.KEY, REPOSITORY, bytes), REPOSITORY, password);
                },
                body);
    }

    private static Target format() {
        byte[] object = new FormatObject(1, REPOSITORY, THEN).encode();
        String line = new String(object, UTF_8).lines().findFirst().orElseThrow();
        return target(
                "format",
                bytes -> {
                    FormatObject.decode(bytes.clone().length > 0 && bytes[0] == 'f' ? bytes : described(bytes));
                },
                text(line));
    }

    private static byte[] described(byte[] json) {
        return new ByteWriter()
                .raw(json)
                .raw(text("\nsha256 " + HexFormat.of().formatHex(Crypto.sha256(json)) + "\n"))
                .toBytes();
    }

    private void describe(byte[] pack) {
        none.overwrite(ObjectName.of("d/00/x"), pack);
        new PackReader(none, REPOSITORY, OWNER.indexKey()).describe(ObjectName.of("d/00/x"));
    }

    /** A header or trailer with this inside and the right sum. */
    private static byte[] block(String magic, byte[] inside) {
        byte[] block =
                Arrays.copyOf(new ByteWriter().raw(text(magic)).raw(inside).toBytes(), 64);
        var crc = new CRC32C();
        crc.update(block, 0, 60);
        System.arraycopy(new ByteWriter().u32(crc.getValue()).toBytes(), 0, block, 60, 4);
        return block;
    }

    /** What lies between header and trailer does not open; only they are at stake. */
    private Target packLayout() {
        return target("pack-layout", bytes -> {
            byte[] inside = Arrays.copyOf(bytes, 56);
            byte[] rest = Arrays.copyOfRange(bytes, Math.min(56, bytes.length), bytes.length);
            describe(new ByteWriter()
                    .raw(block("MBPK", inside))
                    .raw(rest)
                    .raw(block("MBPE", inside))
                    .toBytes());
        });
    }

    /** A length of the slots in two bytes, the slots, and the entries as they are before they are sealed. */
    private Target packDirectory() {
        var slots = new ByteWriter().u16(1).u16(1).bytes(new byte[1120]).raw(new byte[64]);
        var entry = new ByteWriter()
                .raw(new byte[32])
                .u8(1)
                .u16(0)
                .u32(0)
                .u32(64)
                .u32(90)
                .u32(70)
                .u32(5);
        byte[] seed = new ByteWriter()
                .u16(slots.length())
                .raw(slots.toBytes())
                .raw(entry.toBytes())
                .toBytes();
        return target("pack-directory", bytes -> describe(pack(bytes)), seed);
    }

    private static byte[] pack(byte[] bytes) {
        byte[] padded = bytes.length < 2 ? new byte[2] : bytes;
        int most = padded.length - 2;
        int length = Math.min(most, padded[0] & 0xff | (padded[1] & 0xff) << 8);
        byte[] slots = Arrays.copyOfRange(padded, 2, 2 + length);
        byte[] entries = Arrays.copyOfRange(padded, 2 + length, padded.length);
        byte[] context =
                new ByteWriter().raw(REPOSITORY).raw(text("footer")).raw(slots).toBytes();
        byte[] sealed = SealedBytes.seal(OWNER.indexKey(), "mb/footer/v1", context, entries, ENTROPY);
        byte[] directory = new ByteWriter().raw(slots).raw(sealed).toBytes();
        int leaves = 0;
        int total = 0;
        do {
            leaves = 4 * ((total + 65535) / 65536);
            total = 2 * 64 + 2 * directory.length + leaves;
        } while (leaves != 4 * ((total + 65535) / 65536));
        var inside = new ByteWriter().u8(1).u8(1).u16(1).u32(0).raw(REPOSITORY).raw(ID);
        inside.u32(directory.length).u32(0).u32(total);
        return new ByteWriter()
                .raw(block("MBPK", inside.toBytes()))
                .raw(directory)
                .raw(new byte[leaves])
                .raw(directory)
                .raw(block("MBPE", inside.toBytes()))
                .toBytes();
    }

    private static byte[] leaf() {
        var page = new ByteWriter().u8(Page.LEAF).varint(1).raw(id(1).bytes()).varint(3);
        page.varint(0).bytes(text("a")).u8(2).bytes(attributes());
        page.varint(1).bytes(text("/b")).u8(1).varint(9).u32(7).varint(0);
        page.varint(1).varint(0).varint(9).varint(0).varint(0).bytes(attributes());
        page.varint(2)
                .bytes(text("c"))
                .u8(1)
                .varint(9)
                .u32(7)
                .varint(1)
                .varint(1)
                .varint(0);
        return page.bytes(attributes()).toBytes();
    }

    private static byte[] inner() {
        var page = new ByteWriter()
                .u8(Page.INNER)
                .varint(1)
                .varint(1)
                .raw(id(1).bytes())
                .varint(1);
        return page.varint(0)
                .bytes(text("a"))
                .varint(0)
                .varint(1)
                .varint(1)
                .varint(5)
                .toBytes();
    }

    private static byte[] extents() {
        var page =
                new ByteWriter().u8(Page.EXTENTS).varint(1).raw(id(1).bytes()).varint(2);
        page.varint(0).varint(5).varint(0).varint(0);
        return page.varint(7).varint(5).varint(0).varint(9).toBytes();
    }

    private static byte[] extentPages() {
        return new ByteWriter()
                .u8(Page.EXTENT_PAGES)
                .varint(1)
                .varint(1)
                .raw(id(1).bytes())
                .toBytes();
    }

    private static byte[] attributes() {
        var attributes = new ByteWriter().varint(0644).varint(1).varint(2).varint(3);
        attributes.zigzag(5).varint(6).zigzag(7).varint(8);
        attributes
                .field(1, text("user"))
                .field(4, new ByteWriter().text("user.a").raw(new byte[2]));
        return attributes.field(7, new ByteWriter().varint(2).varint(9)).toBytes();
    }

    private static Target segmentObject() {
        try {
            byte[] stored = SegmentDecoding.stored(SegmentDecoding.sample(new SegmentBuilder()));
            return target("segment-object", SegmentDecoding::object, stored);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Target scanCache() {
        var plain = new ByteWriter()
                .raw(REPOSITORY)
                .raw(ID)
                .zigzag(5)
                .varint(6)
                .varint(1)
                .varint(1);
        var entry = new ByteWriter()
                .varint(0)
                .bytes(text("a"))
                .u8(1)
                .u8(2)
                .varint(9)
                .u32(7);
        entry.bytes(attributes()).varint(0);
        plain.u8(1).bytes(entry.toBytes()).u8(3).varint(9).u32(7).u8(1).u8(4).raw(new byte[32]);
        byte[] hostKey = new byte[32];
        return target(
                "scan-cache",
                bytes -> {
                    byte[] head = new ByteWriter()
                            .raw(text("MBSC"))
                            .u32(1)
                            .raw(new byte[32])
                            .toBytes();
                    var sealed = new byte[(int) SegmentCipher.sealedLength(bytes.length)];
                    new SegmentCipher(Crypto.hkdf(hostKey, new byte[32], "mb/scan/v1"))
                            .seal(0, head, bytes, 0, bytes.length, sealed, 0);
                    Files.write(
                            scanCache, new ByteWriter().raw(head).raw(sealed).toBytes());
                    try (ScanCacheReader reader = ScanCacheReader.open(scanCache, hostKey)
                            .orElseThrow(() -> new MalformedException("unusable"))) {
                        while (reader.peek() != null) {
                            reader.take();
                        }
                    }
                },
                plain.toBytes());
    }

    private Target zstd() {
        var target = new byte[Compressor.bound(LARGE)];
        int length = compressor.compress(new byte[LARGE], 0, LARGE, target);
        return target(
                "zstd",
                bytes -> compressor.decompress(bytes, 0, bytes.length, new byte[LARGE], LARGE),
                Arrays.copyOf(target, length));
    }
}
