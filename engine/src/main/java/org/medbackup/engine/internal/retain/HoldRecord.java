package org.medbackup.engine.internal.retain;

import java.time.DateTimeException;
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
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

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
    private static final String LABEL = "mb/hold/v1";
    private static final String NAMED = "mb/hold/named/v1";
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
        KeyDomain names = keys.names();
        HybridKem.Sealed secret = HybridKem.encapsulate(names.recipient(), entropy);
        byte[] context = RecordContext.of(keys, name);
        byte[] content = new ByteWriter()
                .varint(names.id())
                .raw(secret.encapsulation())
                .raw(SealedBytes.seal(secret.secret(), NAMED, context, plain(), entropy))
                .toBytes();
        byte[] body = new ByteWriter()
                .bytes(content)
                .raw(keys.admin().requireSigning().sign(RecordContext.signed(LABEL, keys, name, content)))
                .toBytes();
        return Envelope.wrap(
                Envelope.Kind.HOLD,
                keys.repository(),
                SealedBytes.seal(keys.indexKey(), LABEL, context, body, entropy));
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
     * @return what is signed
     * @throws DamageException where he has not
     */
    public static byte[] verified(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.HOLD, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            byte[] signature = in.raw(in.remaining());
            if (!keys.admin().verifying().verify(RecordContext.signed(LABEL, keys, name, content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("the record of a legal hold is not the administrator's");
            }
            return content;
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the legal hold of its name", wrong);
        }
    }

    /**
     * Reads an object.
     *
     * @throws DamageException where it is not that
     */
    static HoldRecord decode(byte[] object, ObjectName name, KeyRing keys) {
        try {
            var in = new ByteReader(verified(object, name, keys));
            HybridKem.Opener opener = keys.domain((int) in.varint())
                    .flatMap(KeyDomain::openedBy)
                    .orElseThrow(() -> new MalformedException("its key domain is not known"));
            byte[] secret = HybridKem.decapsulate(opener, in.raw(HybridKem.ENCAPSULATION));
            byte[] plain = SealedBytes.open(secret, NAMED, RecordContext.of(keys, name), in.raw(in.remaining()));
            return read(new ByteReader(plain));
        } catch (UnauthenticException | MalformedException | DateTimeException | UsageException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the legal hold of its name", wrong);
        }
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
