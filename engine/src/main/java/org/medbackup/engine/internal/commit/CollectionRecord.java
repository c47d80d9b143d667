package org.medbackup.engine.internal.commit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;
import org.medbackup.engine.internal.log.Findings;

/**
 * What a collector has found, kept so that another one can go on where it stopped: which tickets it has to wait for, or
 * which packs it takes away. Signed, and believed only of those who may collect: a writer's key, in the wrong hands, must
 * not be able to have anything deleted.
 *
 * @param kind what the ids are
 * @param collection number of the collection
 * @param root number of the newest index root when the record was made
 * @param ids tickets of 16 bytes or packs of 32, in hexadecimal digits
 */
public record CollectionRecord(Kind kind, long collection, long root, List<String> ids) {

    /** The beginning of the names of the records. */
    public static final String PREFIX = "x/";

    private static final String LABEL = "mb/collection/v1";

    /** Kinds of records. */
    public enum Kind {
        /** Tickets that were open when the packs had been condemned. */
        AWAITED("a", 16),
        /** Packs that are taken away. */
        DECISION("d", 32);

        private final String letter;
        private final int length;

        Kind(String letter, int length) {
            this.letter = letter;
            this.length = length;
        }
    }

    public CollectionRecord {
        ids = List.copyOf(ids);
    }

    /** The beginning of the names of all records of a collection. */
    public static String prefix(long collection) {
        return PREFIX + String.format(Locale.ROOT, "%016x", collection) + "-";
    }

    /** Stores it under a new name, signed by the holder of the keys, and gives the name. */
    public ObjectName put(ObjectStore store, KeyRing keys, Entropy entropy) {
        ObjectName name = ObjectName.of(
                prefix(collection) + kind.letter + "-" + HexFormat.of().formatHex(entropy.bytes(8)));
        var content = new ByteWriter().u64(collection).u64(root).varint(ids.size());
        ids.forEach(id -> content.raw(HexFormat.of().parseHex(id)));
        byte[] signed = content.toBytes();
        byte[] body = new ByteWriter()
                .bytes(signed)
                .raw(Certificate.publicOf(keys))
                .raw(keys.signer().sign(RecordContext.signed(LABEL, keys, name, signed)))
                .toBytes();
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name), body, entropy);
        store.putIfAbsent(name, ObjectContent.of(Envelope.wrap(Envelope.Kind.COLLECTION, keys.repository(), sealed)));
        return name;
    }

    /** A record of a kind that can be believed, empty where there is none. */
    public static Optional<CollectionRecord> find(
            ObjectStore store, KeyRing keys, Signers signers, Kind kind, long collection, Findings findings) {
        return names(store, collection).stream()
                .filter(name -> name.text().startsWith(prefix(collection) + kind.letter + "-"))
                .flatMap(name -> read(store, keys, signers, kind, name, findings).stream())
                .findFirst();
    }

    /** Packs that collections have taken away whose records are still there, in hexadecimal digits. */
    public static Set<String> decided(ObjectStore store, KeyRing keys, Signers signers, Findings findings) {
        var names = new ArrayList<ObjectName>();
        store.list(PREFIX, info -> names.add(info.name()));
        Set<String> decided = new HashSet<>();
        for (ObjectName name : names) {
            if (name.text().contains("-" + Kind.DECISION.letter + "-")) {
                read(store, keys, signers, Kind.DECISION, name, findings)
                        .ifPresent(record -> decided.addAll(record.ids()));
            }
        }
        return decided;
    }

    /** The names of all records of a collection. */
    public static List<ObjectName> names(ObjectStore store, long collection) {
        var names = new ArrayList<ObjectName>();
        store.list(prefix(collection), info -> names.add(info.name()));
        return names;
    }

    /** Reads a record; empty where it is gone, damaged or signed by somebody who may not collect. */
    public static Optional<CollectionRecord> read(
            ObjectStore store, KeyRing keys, Signers signers, Kind kind, ObjectName name, Findings findings) {
        try {
            return Optional.of(decode(store.readAll(name), name, kind, keys, signers));
        } catch (DamageException damaged) {
            if (damaged.code() != ErrorCode.OBJECT_MISSING) {
                findings.add(name, damaged);
            }
            return Optional.empty();
        }
    }

    private static CollectionRecord decode(byte[] object, ObjectName name, Kind kind, KeyRing keys, Signers signers) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.COLLECTION, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            byte[] signer = in.raw(Crypto.KEY);
            byte[] signature = in.raw(in.remaining());
            if (!signers.verify(
                    signer, RecordContext.signed(LABEL, keys, name, content), signature, KeyRole.Right.COLLECT)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a collection is not signed by somebody who may collect");
            }
            var inner = new ByteReader(content);
            long collection = inner.u64();
            long root = inner.u64();
            int count = inner.count(inner.remaining() / kind.length);
            var ids = new ArrayList<String>(count);
            for (int i = 0; i < count; i++) {
                ids.add(HexFormat.of().formatHex(inner.raw(kind.length)));
            }
            return new CollectionRecord(kind, collection, root, ids);
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the record of its name", wrong);
        }
    }
}
