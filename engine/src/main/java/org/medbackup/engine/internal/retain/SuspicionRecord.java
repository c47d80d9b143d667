package org.medbackup.engine.internal.retain;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.Suspicion;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * What the object of a suspicion says: that a restore point is suspect, signed by whoever backs up or verifies; or that one was
 * cleared, signed by the administrator. Neither is ever changed or deleted. What they say is sealed to the domain of names.
 *
 * @param suspicion what it finds; empty where it clears
 * @param snapshot id of the restore point
 * @param reason why it clears; empty where it does not
 * @param by who says it
 * @param time when
 */
public record SuspicionRecord(Optional<Suspicion> suspicion, String snapshot, String reason, String by, Instant time) {

    /** The beginning of the names of these objects. */
    public static final String PREFIX = "a/";

    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{12}-[0-9a-f]{8}");
    private static final String LABEL = "mb/suspicion/v1";
    private static final String CLEARED = "mb/suspicion/cleared/v1";
    private static final String NAMED = "mb/suspicion/named/v1";
    private static final int ID = 16;

    /** Whether an object can be one. */
    public static boolean isName(ObjectName name) {
        return NAME.matcher(name.text()).matches();
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
     * @throws UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where it clears and the keys are not the
     *     administrator's
     */
    public byte[] encode(ObjectName name, KeyRing keys, Entropy entropy) {
        KeyDomain names = keys.names();
        HybridKem.Sealed secret = HybridKem.encapsulate(names.recipient(), entropy);
        byte[] context = RecordContext.of(keys, name);
        byte[] content = new ByteWriter()
                .u8(suspicion.isPresent() ? 0 : 1)
                .varint(names.id())
                .raw(secret.encapsulation())
                .raw(SealedBytes.seal(secret.secret(), NAMED, context, plain(), entropy))
                .toBytes();
        var body = new ByteWriter().bytes(content);
        if (suspicion.isPresent()) {
            body.raw(Certificate.publicOf(keys));
            body.raw(keys.signer().sign(RecordContext.signed(LABEL, keys, name, content)));
        } else {
            body.raw(keys.admin().requireSigning().sign(RecordContext.signed(CLEARED, keys, name, content)));
        }
        return Envelope.wrap(
                Envelope.Kind.SUSPICION,
                keys.repository(),
                SealedBytes.seal(keys.indexKey(), LABEL, context, body.toBytes(), entropy));
    }

    /** What it says, before it is sealed. */
    public byte[] plain() {
        var out = new ByteWriter().raw(HexFormat.of().parseHex(snapshot));
        out.u64(time.toEpochMilli()).text(by).text(reason);
        suspicion.ifPresent(found -> {
            out.text(found.source()).text(found.host()).text(found.clean());
            out.varint(found.signs().size());
            found.signs().forEach(out::text);
        });
        return out.toBytes();
    }

    /**
     * Proves that somebody has signed an object who may; needs the key of the index alone. That a signer was revoked since takes
     * nothing back: an attacker must not be able to end a suspicion so.
     *
     * @return what is signed
     * @throws DamageException where nobody has
     */
    public static byte[] verified(byte[] object, ObjectName name, KeyRing keys, Signers signers) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.SUSPICION, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            boolean clears = new ByteReader(content).u8() == 1;
            if (clears ? !isCleared(in, name, keys, content) : !isFound(in, name, keys, signers, content)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a suspicion is not signed by somebody who may");
            }
            return content;
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the suspicion of its name", wrong);
        }
    }

    private static boolean isCleared(ByteReader in, ObjectName name, KeyRing keys, byte[] content) {
        byte[] signature = in.raw(in.remaining());
        return keys.admin().verifying().verify(RecordContext.signed(CLEARED, keys, name, content), signature);
    }

    private static boolean isFound(ByteReader in, ObjectName name, KeyRing keys, Signers signers, byte[] content) {
        byte[] signer = in.raw(Crypto.KEY);
        byte[] signature = in.raw(in.remaining());
        byte[] message = RecordContext.signed(LABEL, keys, name, content);
        return signers.verify(signer, message, signature, KeyRole.Right.BACK_UP)
                || signers.verify(signer, message, signature, KeyRole.Right.PROVE);
    }

    /**
     * Reads an object.
     *
     * @throws DamageException where it is not that
     */
    public static SuspicionRecord decode(byte[] object, ObjectName name, KeyRing keys, Signers signers) {
        try {
            var in = new ByteReader(verified(object, name, keys, signers));
            boolean clears = in.u8() == 1;
            HybridKem.Opener opener = keys.domain((int) in.varint())
                    .flatMap(KeyDomain::openedBy)
                    .orElseThrow(() -> new MalformedException("its key domain is not known"));
            byte[] secret = HybridKem.decapsulate(opener, in.raw(HybridKem.ENCAPSULATION));
            byte[] plain = SealedBytes.open(secret, NAMED, RecordContext.of(keys, name), in.raw(in.remaining()));
            return read(new ByteReader(plain), clears);
        } catch (UnauthenticException | MalformedException | DateTimeException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the suspicion of its name", wrong);
        }
    }

    private static SuspicionRecord read(ByteReader in, boolean clears) {
        String snapshot = HexFormat.of().formatHex(in.raw(ID));
        Instant time = Instant.ofEpochMilli(in.u64());
        String by = in.text();
        String reason = in.text();
        if (clears) {
            return new SuspicionRecord(Optional.empty(), snapshot, reason, by, time);
        }
        String source = in.text();
        String host = in.text();
        String clean = in.text();
        List<String> signs = new ArrayList<>();
        for (int left = in.count(in.remaining()); left > 0; left--) {
            signs.add(in.text());
        }
        var found = new Suspicion(snapshot, source, host, time, by, signs, clean);
        return new SuspicionRecord(Optional.of(found), snapshot, reason, by, time);
    }
}
