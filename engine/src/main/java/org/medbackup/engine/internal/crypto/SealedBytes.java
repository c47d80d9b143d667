package org.medbackup.engine.internal.crypto;

import java.util.Arrays;
import org.medbackup.core.Entropy;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/**
 * Some bytes sealed under a key of their own, derived from a parent key with a fresh salt:
 * {@code salt 32 ‖ commitment 32 ‖ segments}. The context (such as the object's name) is authenticated, so that one
 * object cannot be put in another's place.
 */
public final class SealedBytes {

    private SealedBytes() {}

    /** Seals. The label separates uses of one parent key. */
    public static byte[] seal(byte[] parent, String label, byte[] context, byte[] plain, Entropy entropy) {
        byte[] salt = entropy.bytes(Crypto.KEY);
        byte[] key = Crypto.hkdf(parent, salt, label);
        var sealed = new byte[(int) SegmentCipher.sealedLength(plain.length)];
        new SegmentCipher(key).seal(0, context, plain, 0, plain.length, sealed, 0);
        return new ByteWriter(2 * Crypto.KEY + sealed.length)
                .raw(salt)
                .raw(Crypto.commitment(key))
                .raw(sealed)
                .toBytes();
    }

    /**
     * Opens.
     *
     * @throws UnauthenticException where the key or the context is another one, or the bytes have been changed
     * @throws MalformedException where they are too short
     */
    public static byte[] open(byte[] parent, String label, byte[] context, byte[] sealed) throws UnauthenticException {
        var in = new ByteReader(sealed);
        byte[] key = Crypto.hkdf(parent, in.raw(Crypto.KEY), label);
        if (!java.security.MessageDigest.isEqual(in.raw(Crypto.KEY), Crypto.commitment(key))) {
            throw new UnauthenticException();
        }
        int length = in.remaining();
        var plain = new byte[Math.max(0, (int) SegmentCipher.plainLength(length))];
        int opened = new SegmentCipher(key).open(0, context, sealed, 2 * Crypto.KEY, length, plain, 0);
        return opened == plain.length ? plain : Arrays.copyOf(plain, opened);
    }
}
