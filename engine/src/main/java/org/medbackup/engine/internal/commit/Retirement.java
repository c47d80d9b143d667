package org.medbackup.engine.internal.commit;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Says that the administrator lets a key sign no more. What it has signed before is named here, one by one: the times that
 * a stolen key writes into its manifests prove nothing.
 *
 * @param signer first part of the holder's public key, 32 bytes
 * @param time when
 * @param kept the restore points of the key that go on to count
 */
public record Retirement(byte[] signer, Instant time, List<Kept> kept) {

    private static final byte[] CONTEXT = "mb/retirement/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEPT = 16 + Crypto.KEY;

    public Retirement {
        kept = List.copyOf(kept);
    }

    /**
     * A restore point that counts.
     *
     * @param id 16 bytes
     * @param digest SHA-256 of its object
     */
    public record Kept(byte[] id, byte[] digest) {}

    /** The beginning of the names of these objects in a folder of keys. */
    public static String prefix(String folder) {
        return folder + "/revoked-";
    }

    /** The name of its object in a folder of keys. */
    public ObjectName name(String folder) {
        return ObjectName.of(prefix(folder) + HexFormat.of().formatHex(Certificate.keyId(signer)));
    }

    /** Whether a restore point of the key counts all the same. */
    public boolean keeps(byte[] id, byte[] object) {
        byte[] digest = Crypto.sha256(object);
        return kept.stream().anyMatch(each -> Arrays.equals(each.id, id) && Arrays.equals(each.digest, digest));
    }

    private static byte[] signed(byte[] repository, byte[] content) {
        return new ByteWriter().raw(CONTEXT).raw(repository).raw(content).toBytes();
    }

    /** The bytes of its object, signed by the administrator. */
    public byte[] encode(byte[] repository, SigningKey admin) {
        var content = new ByteWriter().raw(signer).u64(time.toEpochMilli()).varint(kept.size());
        kept.forEach(each -> content.raw(each.id).raw(each.digest));
        byte[] bytes = content.toBytes();
        return Envelope.wrap(
                Envelope.Kind.RETIREMENT,
                repository,
                new ByteWriter()
                        .bytes(bytes)
                        .raw(admin.sign(signed(repository, bytes)))
                        .toBytes());
    }

    /**
     * Reads one.
     *
     * @throws org.medbackup.core.error.DamageException where it is none, or not signed by the administrator
     */
    public static Retirement decode(byte[] object, KeyRing keys) {
        byte[] body = Envelope.unwrap(Envelope.Kind.RETIREMENT, keys.repository(), object);
        try {
            var in = new ByteReader(body);
            byte[] content = in.bytes();
            byte[] signature = in.raw(in.remaining());
            if (!keys.admin().verifying().verify(signed(keys.repository(), content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a key's revocation is not the administrator's");
            }
            var inner = new ByteReader(content);
            byte[] signer = inner.raw(Crypto.KEY);
            Instant time = Instant.ofEpochMilli(inner.u64());
            int count = inner.count(inner.remaining() / KEPT);
            var kept = new ArrayList<Kept>(count);
            for (int i = 0; i < count; i++) {
                kept.add(new Kept(inner.raw(16), inner.raw(Crypto.KEY)));
            }
            return new Retirement(signer, time, kept);
        } catch (MalformedException | DateTimeException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is no revocation of a key", malformed);
        }
    }
}
