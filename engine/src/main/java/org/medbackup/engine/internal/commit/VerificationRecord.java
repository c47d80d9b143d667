package org.medbackup.engine.internal.commit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * The result of a verification, kept with the repository and signed, so that the age of the last proof is known wherever
 * the repository is.
 *
 * @param time when it ended
 * @param level how deep it went
 * @param share of the packs that were read
 * @param whole ids of the restore points that were found whole
 * @param damaged ids of those that were not
 */
public record VerificationRecord(
        Instant time, VerifyLevel level, double share, List<String> whole, List<String> damaged) {

    /** The beginning of the names of results. */
    public static final String PREFIX = "v/";

    private static final String LABEL = "mb/verification/v1";
    private static final int PARTS = 1_000_000;

    public VerificationRecord {
        whole = List.copyOf(whole);
        damaged = List.copyOf(damaged);
    }

    /** A new name, in the order of time. */
    public static ObjectName newName(Instant time, Entropy entropy) {
        return ObjectName.of(PREFIX
                + String.format(Locale.ROOT, "%012x", time.toEpochMilli())
                + "-"
                + HexFormat.of().formatHex(entropy.bytes(4)));
    }

    /** Whether a result of this name is of that time or later; what is no name of a result counts as one. */
    public static boolean isSince(ObjectName name, Instant time) {
        String first = PREFIX + String.format(Locale.ROOT, "%012x", Math.max(0, time.toEpochMilli()));
        return name.text().compareTo(first) >= 0;
    }

    /** The bytes of its object, signed by the holder of the keys. */
    public byte[] encode(ObjectName name, KeyRing keys, Entropy entropy) {
        var content = new ByteWriter();
        content.u64(time.toEpochMilli()).text(level.name()).varint(Math.round(share * PARTS));
        ids(content, whole);
        ids(content, damaged);
        byte[] signed = content.toBytes();
        var body = new ByteWriter().bytes(signed).raw(Certificate.publicOf(keys));
        body.raw(keys.signer().sign(RecordContext.signed(LABEL, keys, name, signed)));
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.VERIFICATION, keys.repository(), sealed);
    }

    private static void ids(ByteWriter out, List<String> ids) {
        out.varint(ids.size());
        ids.forEach(id -> out.raw(HexFormat.of().parseHex(id)));
    }

    private static List<String> ids(ByteReader in) {
        int count = in.count(in.remaining() / 16);
        var ids = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            ids.add(HexFormat.of().formatHex(in.raw(16)));
        }
        return ids;
    }

    /**
     * Reads a result.
     *
     * @throws org.medbackup.core.error.DamageException where it is not the result of its name, or not signed by somebody
     *     who may
     */
    public static VerificationRecord decode(byte[] object, ObjectName name, KeyRing keys, Signers signers) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.VERIFICATION, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            byte[] signer = in.raw(Crypto.KEY);
            byte[] signature = in.raw(in.remaining());
            boolean right = signers.of(signer, KeyRole.Right.PROVE)
                            .filter(holder -> !signers.isRetired(holder))
                            .isPresent()
                    && signers.verify(
                            signer, RecordContext.signed(LABEL, keys, name, content), signature, KeyRole.Right.PROVE);
            if (!right) {
                throw ErrorCode.SIGNATURE_INVALID.because("a result is not signed by somebody of this repository");
            }
            var inner = new ByteReader(content);
            return new VerificationRecord(
                    Instant.ofEpochMilli(inner.u64()),
                    VerifyLevel.valueOf(inner.text()),
                    inner.varint() / (double) PARTS,
                    ids(inner),
                    ids(inner));
        } catch (UnauthenticException | MalformedException | IllegalArgumentException | DateTimeException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the result of its name", wrong);
        }
    }
}
