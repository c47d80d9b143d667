package org.medbackup.engine.internal.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * Which index segments are live. Roots are numbered; making the next one by put-if-absent is the compare-and-swap by
 * which writers and collectors agree.
 *
 * @param number of the root
 * @param collection how often a collector has taken packs away
 * @param decision name of the record of what the last collection took away, empty where there was none
 * @param segments live ones
 */
public record IndexRoot(long number, long collection, String decision, List<ObjectName> segments) {

    /** The beginning of the names of roots. */
    public static final String PREFIX = "root/";

    /** The beginning of the names of segments. */
    public static final String SEGMENTS = "i/";

    private static final String LABEL = "mb/root/v1";
    private static final long FIRST_OF_COPIES = 1L << 32;
    private static final int TAG_SEGMENT = 1;
    private static final int TAG_DECISION = 2;
    private static final Pattern SEGMENT = Pattern.compile("i/[0-9]{1,2}-[0-9a-f]{64}");

    public IndexRoot {
        segments = List.copyOf(segments);
    }

    /** A root of a repository from which nothing was ever collected. */
    public IndexRoot(long number, long collection, List<ObjectName> segments) {
        this(number, collection, "", segments);
    }

    /** The first root of a repository. */
    public static IndexRoot first() {
        return new IndexRoot(1, 0, List.of());
    }

    /** The first root of a second copy: its collections are counted from where no original comes to. */
    public static IndexRoot firstOfCopy(long random) {
        return new IndexRoot(1, FIRST_OF_COPIES | random >>> 2, List.of());
    }

    /** Whether the repository is a second copy, which holds the restore points that were copied and not those before. */
    public boolean isOfCopy() {
        return collection >= FIRST_OF_COPIES;
    }

    /** The name of a root. */
    public static ObjectName name(long number) {
        return ObjectName.of(PREFIX + String.format(java.util.Locale.ROOT, "%016x", number));
    }

    /** Whether an object is a root by its name; what else lies there is not ours. */
    public static boolean isName(ObjectName object) {
        String digits = object.text().substring(PREFIX.length());
        return digits.length() == 16 && digits.chars().allMatch(java.util.HexFormat::isHexDigit);
    }

    /** The names of all roots, oldest first. */
    public static List<ObjectName> names(ObjectStore store) {
        var names = new ArrayList<ObjectName>();
        store.list(PREFIX, info -> {
            if (isName(info.name())) {
                names.add(info.name());
            }
        });
        return names;
    }

    /** Whether a name is that of an index segment. */
    public static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    /** Its own name. */
    public ObjectName name() {
        return name(number);
    }

    /** The next root with other segments. */
    IndexRoot next(List<ObjectName> live) {
        return new IndexRoot(number + 1, collection, decision, live);
    }

    /** The next root after a collection. */
    IndexRoot collected(long by, String decided, List<ObjectName> live) {
        return new IndexRoot(number + 1, by, decided, live);
    }

    /** The bytes of its object. */
    public byte[] encode(KeyRing keys, Entropy entropy) {
        var body = new ByteWriter();
        body.u64(number).u64(collection);
        segments.forEach(segment -> body.field(TAG_SEGMENT, segment.text().getBytes(StandardCharsets.US_ASCII)));
        if (!decision.isEmpty()) {
            body.field(TAG_DECISION, decision.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] sealed =
                SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name()), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.ROOT, keys.repository(), sealed);
    }

    private static ObjectName segment(String name) {
        if (!isSegment(name)) {
            throw new MalformedException("an index root names what is no segment");
        }
        return ObjectName.of(name);
    }

    /**
     * Reads a root.
     *
     * @throws org.medbackup.core.error.DamageException where it is not the root of its name
     */
    public static IndexRoot decode(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.ROOT, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            long number = in.u64();
            long collection = in.u64();
            var segments = new ArrayList<ObjectName>();
            String decision = "";
            while (!in.atEnd()) {
                long tag = in.varint();
                byte[] value = in.bytes();
                if (tag == TAG_SEGMENT) {
                    segments.add(segment(new String(value, StandardCharsets.US_ASCII)));
                } else if (tag == TAG_DECISION) {
                    decision = new String(value, StandardCharsets.US_ASCII);
                }
            }
            return new IndexRoot(number, collection, decision, segments);
        } catch (UnauthenticException | MalformedException | IllegalArgumentException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the index root of its name", wrong);
        }
    }
}
