package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over messages cut into segments of 64 KiB.
 *
 * <p>The nonce of a segment is the message's number (5 bytes, big endian), the segment's number (6 bytes, big endian) and
 * a byte that is 1 for the last segment: under one key every nonce is used once as long as message numbers are, and
 * segments can be neither swapped nor cut off. Every segment authenticates the same additional data. An empty message is
 * one empty segment.
 *
 * <p>The segments are small because the JDK enters the processor's AES instructions only from compiled code, and few
 * large calls are never compiled: see {@code docs/performance.md}. Not safe for use by several threads.
 */
public final class SegmentCipher {

    /** Bytes of plaintext in every segment but the last. */
    public static final int SEGMENT = 64 * 1024;

    /** Bytes by which a segment grows. */
    public static final int TAG = 16;

    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE];

    /** A cipher for one key. */
    public SegmentCipher(byte[] key) {
        try {
            this.key = new SecretKeySpec(key, "AES");
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException absent) {
            throw Crypto.unavailable(absent);
        }
    }

    /** The length of a sealed message. */
    public static long sealedLength(long plainLength) {
        return plainLength + TAG * segments(plainLength);
    }

    /** The length of an opened message, -1 where no message seals to this length. */
    public static long plainLength(long sealedLength) {
        if (sealedLength < TAG) {
            return -1;
        }
        long segments = (sealedLength + SEGMENT + TAG - 1) / (SEGMENT + TAG);
        long plain = sealedLength - segments * TAG;
        return plain >= 0 && sealedLength(plain) == sealedLength ? plain : -1;
    }

    private static long segments(long plainLength) {
        return Math.max(1, (plainLength + SEGMENT - 1) / SEGMENT);
    }

    /**
     * Seals a message.
     *
     * @return how many bytes were written to the target
     */
    public int seal(long number, byte[] context, byte[] plain, int offset, int length, byte[] target, int at) {
        int out = at;
        long last = segments(length) - 1;
        for (long segment = 0; segment <= last; segment++) {
            int begin = (int) (segment * SEGMENT);
            int count = Math.min(SEGMENT, length - begin);
            try {
                prepare(Cipher.ENCRYPT_MODE, number, segment, segment == last, context);
                out += cipher.doFinal(plain, offset + begin, count, target, out);
            } catch (GeneralSecurityException failed) {
                throw Crypto.unavailable(failed);
            }
        }
        return out - at;
    }

    /**
     * Opens a message.
     *
     * @return its length
     * @throws UnauthenticException where it is not what was sealed under this key, number and context
     */
    public int open(long number, byte[] context, byte[] sealed, int offset, int length, byte[] target, int at)
            throws UnauthenticException {
        long plain = plainLength(length);
        if (plain < 0) {
            throw new UnauthenticException();
        }
        int out = at;
        long last = segments(plain) - 1;
        for (long segment = 0; segment <= last; segment++) {
            int begin = (int) (segment * (SEGMENT + TAG));
            int count = Math.min(SEGMENT + TAG, length - begin);
            out += openSegment(number, segment, segment == last, context, sealed, offset + begin, count, target, out);
        }
        return out - at;
    }

    /** Opens one segment of a message that is too long to be opened whole. */
    public int openSegment(
            long number,
            long segment,
            boolean last,
            byte[] context,
            byte[] sealed,
            int offset,
            int length,
            byte[] target,
            int at)
            throws UnauthenticException {
        try {
            prepare(Cipher.DECRYPT_MODE, number, segment, last, context);
            return cipher.doFinal(sealed, offset, length, target, at);
        } catch (AEADBadTagException forged) {
            throw new UnauthenticException();
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** Seals one segment of a message that is too long to be sealed whole. */
    public int sealSegment(
            long number, long segment, boolean last, byte[] context, byte[] plain, int length, byte[] target) {
        try {
            prepare(Cipher.ENCRYPT_MODE, number, segment, last, context);
            return cipher.doFinal(plain, 0, length, target, 0);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    private void prepare(int mode, long number, long segment, boolean last, byte[] context)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        for (int i = 0; i < 5; i++) {
            nonce[i] = (byte) (number >>> 8 * (4 - i));
        }
        for (int i = 0; i < 6; i++) {
            nonce[5 + i] = (byte) (segment >>> 8 * (5 - i));
        }
        nonce[11] = (byte) (last ? 1 : 0);
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(context);
    }

    /** Bytes were not sealed under this key, number and context, or have been changed since. */
    public static final class UnauthenticException extends Exception {

        private static final long serialVersionUID = 1L;

        public UnauthenticException() {
            super("not authentic", null, false, false);
        }
    }
}
