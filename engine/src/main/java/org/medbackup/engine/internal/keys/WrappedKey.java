package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/**
 * A key ring sealed under a passphrase, as it stands in the repository. The passphrase is stretched by
 * PBKDF2-HMAC-SHA-512 (NIST SP 800-132) with the number of rounds that OWASP names for it (210,000, Password Storage
 * Cheat Sheet, 2023).
 */
public final class WrappedKey {

    /** Rounds for a new key; never lowered for speed. */
    public static final int ROUNDS = 210_000;

    private static final int PBKDF2_SHA512 = 1;
    private static final int SALT = 32;
    private static final int MOST_ROUNDS = 100_000_000;
    private static final String LABEL = "mb/wrap/v1";

    private WrappedKey() {}

    /** Wraps a ring. */
    public static byte[] wrap(KeyRing ring, Secret passphrase, int rounds, Entropy entropy) {
        byte[] salt = entropy.bytes(SALT);
        byte[] key = stretch(passphrase, salt, rounds);
        byte[] sealed = SealedBytes.seal(key, LABEL, ring.repository(), ring.encode(), entropy);
        Arrays.fill(key, (byte) 0);
        var body = new ByteWriter(sealed.length + 64);
        body.u8(PBKDF2_SHA512).u32(rounds).raw(salt).raw(sealed);
        return Envelope.wrap(Envelope.Kind.KEY, ring.repository(), body.toBytes());
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
            if (in.u8() != PBKDF2_SHA512) {
                throw ErrorCode.REPOSITORY_TOO_NEW.because("the key is stretched by an unknown function");
            }
            int rounds = (int) Math.min(in.u32(), MOST_ROUNDS);
            byte[] key = stretch(passphrase, in.raw(SALT), rounds);
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

    /**
     * PBKDF2 with one block of output (64 bytes) from the JDK's HMAC directly: the JDK's own PBKDF2 takes the passphrase
     * as characters only, and about three times as long.
     */
    private static byte[] stretch(Secret passphrase, byte[] salt, int rounds) {
        return passphrase.use(bytes -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA512");
                // HMAC pads a short key with zeros, so an empty passphrase is the key of one zero byte.
                mac.init(new SecretKeySpec(bytes.length == 0 ? new byte[1] : bytes, "HmacSHA512"));
                mac.update(salt);
                mac.update(new byte[] {0, 0, 0, 1});
                byte[] block = mac.doFinal();
                byte[] sum = block.clone();
                for (int round = 1; round < rounds; round++) {
                    mac.update(block);
                    mac.doFinal(block, 0);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] ^= block[i];
                    }
                }
                return sum;
            } catch (GeneralSecurityException failed) {
                throw new IllegalStateException("the JDK's cryptography failed", failed);
            }
        });
    }

    /** For tests against known answers. */
    static byte[] stretchForTest(String passphrase, String salt, int rounds) {
        try (Secret secret = Secret.ofText(passphrase)) {
            return stretch(secret, salt.getBytes(StandardCharsets.UTF_8), rounds);
        }
    }
}
