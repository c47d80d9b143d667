package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.crypto.Crypto;

/**
 * Decides where a page ends, from the key of its next entry alone: the same names give the same pages, whatever else
 * changes. Keyed, like the chunker.
 */
final class Boundary {

    private final long seed;
    private final long multiplier;

    Boundary(byte[] cutKey) {
        byte[] derived = Crypto.hmac(cutKey, "mb/pages/v1");
        seed = word(derived, 0);
        multiplier = word(derived, 8) | 1;
    }

    private static long word(byte[] bytes, int offset) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | bytes[offset + i] & 0xff;
        }
        return word;
    }

    /** Whether one in {@code 2^bits} keys, and this one, begins a page of a level. */
    boolean begins(byte[] key, int level, int bits) {
        long sum = seed + level;
        for (byte each : key) {
            sum = (sum ^ each & 0xff) * multiplier;
            sum ^= sum >>> 29;
        }
        sum *= multiplier;
        return sum >>> 64 - bits == 0;
    }
}
