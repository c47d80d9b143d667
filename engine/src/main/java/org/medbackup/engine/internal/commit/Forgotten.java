package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;
import org.medbackup.engine.internal.log.Findings;

/**
 * The restore points that the administrator has given up. Each call of forget leaves one record, signed by the
 * administrator's key, before the slots are deleted: from then on they do not exist, and a writer that wakes up and puts
 * one again changes nothing. Immutable.
 */
public final class Forgotten {

    /** The beginning of the names of the records. */
    public static final String PREFIX = "w/";

    private static final String LABEL = "mb/forgotten/v1";
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{12}-[0-9a-f]{8}");
    private static final int ID = 16;
    private static final int DIGEST = 32;

    private final Map<String, byte[]> manifests;

    private Forgotten(Map<String, byte[]> manifests) {
        this.manifests = manifests;
    }

    /** Nothing was ever forgotten. */
    public static Forgotten none() {
        return new Forgotten(Map.of());
    }

    /** Reads all records; one that is damaged, or not the administrator's, counts for nothing. */
    public static Forgotten read(ObjectStore store, KeyRing keys, Findings findings) {
        var names = new ArrayList<ObjectName>();
        store.list(PREFIX, info -> {
            // What else lies there, as somebody's copy of a record, is not ours.
            if (NAME.matcher(info.name().text()).matches()) {
                names.add(info.name());
            }
        });
        var manifests = new TreeMap<String, byte[]>();
        for (ObjectName name : names) {
            try {
                manifests.putAll(decode(store.readAll(name), name, keys));
            } catch (DamageException damaged) {
                findings.add(name, damaged);
            }
        }
        return new Forgotten(manifests);
    }

    /** Whether a restore point was given up. */
    public boolean contains(String id) {
        return manifests.containsKey(id);
    }

    /** The ids of all. */
    public List<String> ids() {
        return List.copyOf(manifests.keySet());
    }

    /**
     * Records that restore points are given up.
     *
     * @param manifests SHA-256 of each one's manifest, by its id
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the keys are not
     *     the administrator's
     */
    public static void record(
            ObjectStore store, KeyRing keys, Map<String, byte[]> manifests, Instant now, Entropy entropy) {
        SigningKey admin = keys.admin().requireSigning();
        ObjectName name = ObjectName.of(PREFIX
                + String.format(java.util.Locale.ROOT, "%012x", now.toEpochMilli())
                + "-"
                + HexFormat.of().formatHex(entropy.bytes(4)));
        var content = new ByteWriter().u64(now.toEpochMilli()).varint(manifests.size());
        manifests.forEach(
                (id, digest) -> content.raw(HexFormat.of().parseHex(id)).raw(digest));
        byte[] signed = content.toBytes();
        byte[] body = new ByteWriter()
                .bytes(signed)
                .raw(admin.sign(RecordContext.signed(LABEL, keys, name, signed)))
                .toBytes();
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name), body, entropy);
        store.putIfAbsent(name, ObjectContent.of(Envelope.wrap(Envelope.Kind.FORGOTTEN, keys.repository(), sealed)));
    }

    private static Map<String, byte[]> decode(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.FORGOTTEN, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            byte[] signature = in.raw(in.remaining());
            if (!keys.admin().verifying().verify(RecordContext.signed(LABEL, keys, name, content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a record of forgetting is not the administrator's");
            }
            var inner = new ByteReader(content);
            inner.skip(Long.BYTES);
            int count = inner.count(inner.remaining() / (ID + DIGEST));
            var manifests = new TreeMap<String, byte[]>();
            for (int i = 0; i < count; i++) {
                manifests.put(HexFormat.of().formatHex(inner.raw(ID)), inner.raw(DIGEST));
            }
            return manifests;
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the record of its name", wrong);
        }
    }
}
