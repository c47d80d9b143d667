package org.medbackup.engine.internal.keys;

import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/** A key ring sealed under a passphrase, as it stands in the repository. */
public final class WrappedKey {

    private static final int SALT = 32;
    private static final String LABEL = "mb/wrap/v1";

    private WrappedKey() {}

    /** Wraps a ring. */
    public static byte[] wrap(KeyRing ring, Secret passphrase, Stretching stretching, Entropy entropy) {
        byte[] salt = entropy.bytes(SALT);
        byte[] key = stretching.stretch(passphrase, salt);
        byte[] sealed = SealedBytes.seal(key, LABEL, ring.repository(), ring.encode(), entropy);
        Arrays.fill(key, (byte) 0);
        var body = new ByteWriter(sealed.length + 64);
        stretching.encode(body);
        return Envelope.wrap(
                Envelope.Kind.KEY, ring.repository(), body.raw(salt).raw(sealed).toBytes());
    }

    /** How the passphrase of an object is stretched. */
    public static Stretching stretching(byte[] object, byte[] repository) {
        try {
            return Stretching.decode(new ByteReader(Envelope.unwrap(Envelope.Kind.KEY, repository, object)));
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /**
     * Unwraps a ring.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#WRONG_PASSWORD} where the object is intact
     *     and the passphrase is not its own
     * @throws org.medbackup.core.error.DamageException where the object is damaged
     */
    public static KeyRing unwrap(byte[] object, byte[] repository, Secret passphrase) {
        byte[] body = Envelope.unwrap(Envelope.Kind.KEY, repository, object);
        try {
            var in = new ByteReader(body);
            Stretching stretching = Stretching.decode(in);
            byte[] salt = in.raw(SALT);
            // Once for a passphrase, however often a job opens its repository: it takes a good part of a second.
            byte[] key = passphrase.derived(
                    stretching + " " + HexFormat.of().formatHex(salt), bytes -> stretching.stretch(passphrase, salt));
            byte[] ring = SealedBytes.open(key, LABEL, repository, in.raw(in.remaining()));
            Arrays.fill(key, (byte) 0);
            return KeyRing.decode(ring);
        } catch (UnauthenticException wrong) {
            // The keyless checksum held, so nobody has changed the object: the passphrase is another one.
            throw ErrorCode.WRONG_PASSWORD.because("the repository's key does not open with it");
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because(String.valueOf(malformed.getMessage()), malformed);
        }
    }
}
