package org.medbackup.engine.internal.place;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * What shares packs beside a key domain: data of one tier and one class of retention. A pack bears the number; an object of
 * the repository says what the number means.
 *
 * @param number 1 to 255; 0 for data that no policy has placed
 * @param tier name of the storage tier; empty for the one of the repository itself
 * @param retention name of the retention class
 */
public record PlacementClass(int number, String tier, String retention) {

    /** Data that no policy has placed. */
    public static final PlacementClass NONE = new PlacementClass(0, "", Placement.DEFAULT.retentionClass());

    /** The beginning of the names of these objects. */
    public static final String PREFIX = "p/";

    static final int LAST = 255;

    private static final String LABEL = "mb/placement/v1";

    /** The name of the object of a number. */
    static ObjectName name(int number) {
        return ObjectName.of(PREFIX + String.format(Locale.ROOT, "%02x", number));
    }

    /** The number in a name, empty where it is no such name. */
    static Optional<Integer> number(ObjectName name) {
        String digits = name.text().substring(PREFIX.length());
        boolean ours = digits.length() == 2 && digits.chars().allMatch(HexFormat::isHexDigit);
        return ours ? Optional.of(HexFormat.fromHexDigits(digits)) : Optional.empty();
    }

    byte[] encode(KeyRing keys, Entropy entropy) {
        byte[] plain = new ByteWriter().text(tier).text(retention).toBytes();
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name(number)), plain, entropy);
        return Envelope.wrap(Envelope.Kind.PLACEMENT, keys.repository(), sealed);
    }

    /**
     * Reads the object of a number.
     *
     * @throws org.medbackup.core.error.DamageException where it is not that
     */
    static PlacementClass decode(int number, byte[] object, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.PLACEMENT, keys.repository(), object);
        try {
            byte[] plain = SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name(number)), sealed);
            var in = new ByteReader(plain);
            return new PlacementClass(number, in.text(), in.text());
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("a class of placement does not open", wrong)
                    .with("object", name(number));
        }
    }
}
