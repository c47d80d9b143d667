package org.medbackup.engine.internal.retain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * What the object of a hold says: that one was placed, or that one was released. Both are signed by the administrator, and
 * neither is ever changed or deleted. What they say is sealed to the domain of names.
 *
 * @param isRelease whether it releases one
 * @param hold the one it places, or releases; of a release the matter is the reason, and the selector means nothing
 */
public record HoldRecord(boolean isRelease, LegalHold hold) {

    /** The beginning of the names of these objects. */
    public static final String PREFIX = "h/";

    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{12}-[0-9a-f]{8}");
    private static final AdministratorRecord RECORD =
            new AdministratorRecord(Envelope.Kind.HOLD, "mb/hold/v1", "mb/hold/named/v1", "legal hold");
    private static final int ID = 16;

    /** Whether an object can be one. */
    public static boolean isName(ObjectName name) {
        return NAME.matcher(name.text()).matches();
    }

    /** The id of the hold that an object places. */
    public static String id(ObjectName name) {
        return name.text().substring(name.text().length() - 8);
    }

    /** A new name, in the order of time. */
    public static ObjectName newName(Instant time, Entropy entropy) {
        return ObjectName.of(PREFIX
                + String.format(Locale.ROOT, "%012x", time.toEpochMilli())
                + "-"
                + HexFormat.of().formatHex(entropy.bytes(4)));
    }

    /**
     * The bytes of its object.
     *
     * @throws UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the keys are not the administrator's
     */
    public byte[] encode(ObjectName name, KeyRing keys, Entropy entropy) {
        return RECORD.encode(plain(), name, keys, entropy);
    }

    /** What it says, before it is sealed. */
    public byte[] plain() {
        LegalHold.Selector selector = hold.selector();
        var out = new ByteWriter().u8(isRelease ? 1 : 0).text(hold.id());
        out.u64(hold.since().toEpochMilli()).text(hold.matter()).text(hold.by());
        out.text(selector.source()).text(selector.host());
        out.varint(selector.snapshots().size());
        selector.snapshots().stream()
                .sorted()
                .forEach(id -> out.raw(HexFormat.of().parseHex(id)));
        out.varint(selector.paths().size());
        selector.paths().forEach(out::text);
        time(out, selector.from());
        time(out, selector.until());
        return out.toBytes();
    }

    private static void time(ByteWriter out, Optional<Instant> time) {
        out.u8(time.isPresent() ? 1 : 0);
        time.ifPresent(there -> out.u64(there.toEpochMilli()));
    }

    private static Optional<Instant> time(ByteReader in) {
        return in.u8() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(in.u64()));
    }

    /**
     * Proves that the administrator has signed an object; needs the key of the index alone.
     *
     * @throws DamageException where he has not
     */
    public static void verified(byte[] object, ObjectName name, KeyRing keys) {
        RECORD.verified(object, name, keys);
    }

    /**
     * Reads an object.
     *
     * @throws DamageException where it is not that
     */
    static HoldRecord decode(byte[] object, ObjectName name, KeyRing keys) {
        return RECORD.read(object, name, keys, HoldRecord::read);
    }

    private static HoldRecord read(ByteReader in) {
        boolean isRelease = in.u8() == 1;
        String id = in.text();
        Instant since = Instant.ofEpochMilli(in.u64());
        String matter = in.text();
        String by = in.text();
        String source = in.text();
        String host = in.text();
        Set<String> snapshots = new HashSet<>();
        for (int left = in.count(in.remaining() / ID); left > 0; left--) {
            snapshots.add(HexFormat.of().formatHex(in.raw(ID)));
        }
        List<String> paths = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            paths.add(in.text());
        }
        var selector = new LegalHold.Selector(snapshots, source, host, paths, time(in), time(in));
        return new HoldRecord(isRelease, new LegalHold(id, matter, by, since, selector));
    }
}
