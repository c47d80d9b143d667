package org.medbackup.engine.internal.commit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.tree.Sums;

/**
 * The bytes of a manifest: the open part sealed under the index key, the named part sealed under a key from the ticket's
 * secret of the domain of names, the signer's public key, and its Ed25519 signature over all before and the repository's
 * id. Each part is a sequence of tagged fields; unknown ones are passed over.
 */
public final class ManifestCodec {

    private static final String OPEN = "mb/manifest/open/v1";
    private static final String NAMED = "mb/manifest/named/v1";
    private static final int TAG_NAMES = 11;
    private static final byte[] SIGNED = "mb/manifest/v1".getBytes(StandardCharsets.US_ASCII);

    private ManifestCodec() {}

    /** The object of a restore point. */
    public static byte[] encode(Manifest manifest, KeyRing keys, byte[] namesSecret, Entropy entropy) {
        Manifest.Named named = manifest.readable().orElseThrow();
        byte[] context = context(keys, manifest.open().id());
        var body = new ByteWriter(4096);
        body.bytes(SealedBytes.seal(keys.indexKey(), OPEN, context, open(manifest.open(), keys.names()), entropy));
        body.bytes(SealedBytes.seal(namesSecret, NAMED, context, named(named), entropy));
        body.raw(Certificate.publicOf(keys));
        byte[] signature = keys.signer().sign(signed(keys, body.toBytes()));
        return Envelope.wrap(
                Envelope.Kind.MANIFEST, keys.repository(), body.raw(signature).toBytes());
    }

    private static byte[] context(KeyRing keys, byte[] id) {
        return new ByteWriter().raw(keys.repository()).raw(id).toBytes();
    }

    private static byte[] signed(KeyRing keys, byte[] body) {
        return new ByteWriter(body.length + 64)
                .raw(SIGNED)
                .raw(keys.repository())
                .raw(body)
                .toBytes();
    }

    /**
     * Reads a manifest.
     *
     * @param id the restore point's id, from the object's name
     * @param signers the keys that may sign
     * @throws org.medbackup.core.error.DamageException where it is not the manifest of its name, or not signed by a
     *     writer of this repository
     */
    public static Manifest decode(byte[] object, byte[] id, KeyRing keys, Signers signers) {
        byte[] body = Envelope.unwrap(Envelope.Kind.MANIFEST, keys.repository(), object);
        try {
            var in = new ByteReader(body);
            byte[] sealedOpen = in.bytes();
            byte[] sealedNamed = in.bytes();
            byte[] signer = in.raw(Crypto.KEY);
            byte[] unsigned = java.util.Arrays.copyOf(body, body.length - in.remaining());
            byte[] signature = in.raw(in.remaining());
            if (!signers.verify(signer, signed(keys, unsigned), signature, KeyRole.Right.BACK_UP)) {
                throw ErrorCode.SIGNATURE_INVALID.because("it is not signed by a writer of this repository");
            }
            if (!signers.keeps(signer, id, object)) {
                throw ErrorCode.SIGNATURE_INVALID.because("it is signed by a key that had been revoked");
            }
            byte[] context = context(keys, id);
            byte[] opened = SealedBytes.open(keys.indexKey(), OPEN, context, sealedOpen);
            Manifest.Open open = open(opened);
            if (!keys.reads()) {
                return new Manifest(open, null);
            }
            HybridKem.Opener opener = opener(namesDomain(opened), keys);
            byte[] secret = HybridKem.decapsulate(opener, open.encapsulation());
            return new Manifest(open, named(SealedBytes.open(secret, NAMED, context, sealedNamed)));
        } catch (UnauthenticException | MalformedException | IllegalArgumentException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the manifest of its name", wrong);
        }
    }

    /** Number of the domain of names that a manifest is sealed to; the first one's where it does not say. */
    private static int namesDomain(byte[] open) {
        List<ByteReader> field = many(fields(open), TAG_NAMES);
        return field.isEmpty() ? KeyDomain.Kind.META.code() : field.getFirst().count(0xffff);
    }

    private static HybridKem.Opener opener(int domain, KeyRing keys) {
        return keys.domain(domain)
                .flatMap(KeyDomain::openedBy)
                .orElseThrow(() -> ErrorCode.KEY_ROLE_INSUFFICIENT
                        .because("a restore point was made after the keys were rotated; the key file is older")
                        .with("domain", domain));
    }

    private static byte[] open(Manifest.Open open, KeyDomain names) {
        var out = new ByteWriter(1400);
        out.field(1, open.id()).field(2, open.writer());
        out.field(3, new ByteWriter().u64(open.started().toEpochMilli()));
        out.field(4, new ByteWriter().u64(open.ended().toEpochMilli()));
        out.field(5, open.source()).field(6, open.previous());
        out.field(7, open.references().bytes()).field(8, open.encapsulation());
        Sums sums = open.sums();
        out.field(
                9, new ByteWriter().varint(sums.entries()).varint(sums.files()).varint(sums.bytes()));
        out.field(10, new ByteWriter().varint(open.generation()));
        if (names.id() != KeyDomain.Kind.META.code()) {
            out.field(TAG_NAMES, new ByteWriter().varint(names.id()));
        }
        return out.toBytes();
    }

    private static Manifest.Open open(byte[] bytes) {
        var fields = fields(bytes);
        ByteReader sums = one(fields, 9);
        return new Manifest.Open(
                all(one(fields, 1)),
                all(one(fields, 2)),
                Instant.ofEpochMilli(one(fields, 3).u64()),
                Instant.ofEpochMilli(one(fields, 4).u64()),
                all(one(fields, 5)),
                all(one(fields, 6)),
                ChunkId.of(all(one(fields, 7))),
                all(one(fields, 8)),
                new Sums(sums.varint(), sums.varint(), sums.varint()),
                one(fields, 10).count(Integer.MAX_VALUE));
    }

    private static byte[] named(Manifest.Named named) {
        var out = new ByteWriter(1024);
        out.field(1, named.tree().bytes()).field(2, utf8(named.source())).field(3, utf8(named.host()));
        named.paths().forEach(path -> out.field(4, path.bytes()));
        named.tags()
                .forEach((key, value) -> out.field(5, new ByteWriter().text(key).text(value)));
        out.field(6, utf8(named.parent())).field(7, utf8(named.policy())).field(8, utf8(named.tool()));
        out.field(9, utf8(named.consistency().name()));
        named.evidence()
                .forEach(
                        (key, value) -> out.field(10, new ByteWriter().text(key).text(value)));
        for (Manifest.ReadError error : named.errors()) {
            var field = new ByteWriter().bytes(error.path().bytes());
            out.field(11, field.text(error.code()).text(error.message()));
        }
        out.field(12, new ByteWriter().varint(named.errorCount()));
        out.field(13, new ByteWriter().varint(named.auditSize()).text(named.auditRoot()));
        return out.toBytes();
    }

    private static Manifest.Named named(byte[] bytes) {
        var fields = fields(bytes);
        var tags = new TreeMap<String, String>();
        many(fields, 5).forEach(field -> tags.put(field.text(), field.text()));
        var evidence = new TreeMap<String, String>();
        many(fields, 10).forEach(field -> evidence.put(field.text(), field.text()));
        ByteReader audit = one(fields, 13);
        return new Manifest.Named(
                ChunkId.of(all(one(fields, 1))),
                text(one(fields, 2)),
                text(one(fields, 3)),
                many(fields, 4).stream()
                        .map(field -> PathBytes.copyOf(all(field)))
                        .toList(),
                tags,
                text(one(fields, 6)),
                text(one(fields, 7)),
                text(one(fields, 8)),
                ConsistencyLevel.valueOf(text(one(fields, 9))),
                evidence,
                many(fields, 11).stream()
                        .map(field ->
                                new Manifest.ReadError(PathBytes.copyOf(field.bytes()), field.text(), field.text()))
                        .toList(),
                one(fields, 12).varint(),
                audit.varint(),
                audit.text());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<Integer, List<ByteReader>> fields(byte[] bytes) {
        var in = new ByteReader(bytes);
        var fields = new TreeMap<Integer, List<ByteReader>>();
        while (!in.atEnd()) {
            int tag = in.count(Integer.MAX_VALUE);
            fields.computeIfAbsent(tag, absent -> new ArrayList<>()).add(in.nested());
        }
        return fields;
    }

    private static List<ByteReader> many(Map<Integer, List<ByteReader>> fields, int tag) {
        return fields.getOrDefault(tag, List.of());
    }

    private static ByteReader one(Map<Integer, List<ByteReader>> fields, int tag) {
        List<ByteReader> found = many(fields, tag);
        if (found.size() != 1) {
            throw new MalformedException("a manifest lacks a field");
        }
        return found.getFirst();
    }

    private static byte[] all(ByteReader field) {
        return field.raw(field.remaining());
    }

    private static String text(ByteReader field) {
        return new String(all(field), StandardCharsets.UTF_8);
    }
}
