package org.medbackup.engine.internal.chunk;

import org.medbackup.engine.internal.crypto.Crypto;

/**
 * Content-defined cutting: FastCDC of 2016 (Xia et al., USENIX ATC) with normalised chunking of level 2, over a gear
 * table derived from a key, one byte a step.
 *
 * <p>The key alone does not hide what is stored: chunk lengths would betray known files (eprint 2025/558), which is why
 * packs hide the lengths. Immutable; safe for use by several threads.
 */
public final class FastCdc {

    private static final int NORMALISATION = 2;

    private final long[] gear;
    private final Limits limits;
    private final long strictMask;
    private final long looseMask;

    /**
     * Lengths of chunks in bytes.
     *
     * @param least no chunk but the last of a file is shorter
     * @param average about which most are; a power of two
     * @param most none is longer
     */
    public record Limits(int least, int average, int most) {

        /** For files of any kind. */
        public static final Limits FILES = new Limits(256 << 10, 1 << 20, 4 << 20);

        public Limits {
            if (least < 64 || Integer.bitCount(average) != 1 || least >= average || average >= most) {
                throw new IllegalArgumentException("the lengths of chunks must ascend");
            }
        }
    }

    /** A chunker of a domain. */
    public FastCdc(byte[] key, Limits limits) {
        this.gear = table(key);
        this.limits = limits;
        int bits = Integer.numberOfTrailingZeros(limits.average());
        this.strictMask = upperBits(bits + NORMALISATION);
        this.looseMask = upperBits(bits - NORMALISATION);
    }

    /** The upper bits of the rolling sum depend on the last 64 bytes, the lower ones on fewer. */
    private static long upperBits(int count) {
        return -1L << 64 - count;
    }

    /** 256 words, four from each of 64 expansions of the key. */
    static long[] table(byte[] key) {
        var table = new long[256];
        var salt = new byte[32];
        for (int block = 0; block < 64; block++) {
            byte[] words = Crypto.hkdf(key, salt, "mb/gear/v1", new byte[] {(byte) block});
            for (int word = 0; word < 4; word++) {
                long value = 0;
                for (int i = 7; i >= 0; i--) {
                    value = value << 8 | words[8 * word + i] & 0xff;
                }
                table[4 * block + word] = value;
            }
        }
        return table;
    }

    public Limits limits() {
        return limits;
    }

    /**
     * The length of the chunk that begins at an offset.
     *
     * @param end end of the data; where less than {@link Limits#most()} bytes are given, the data is taken to end there
     */
    public int cut(byte[] data, int offset, int end) {
        int available = end - offset;
        if (available <= limits.least()) {
            return available;
        }
        int most = offset + Math.min(available, limits.most());
        int middle = Math.min(most, offset + limits.average());
        // In locals the compiler keeps them in registers: a third faster.
        long[] words = gear;
        long strict = strictMask;
        long loose = looseMask;
        long sum = 0;
        int at = offset + limits.least();
        for (; at < middle; at++) {
            sum = (sum << 1) + words[data[at] & 0xff];
            if ((sum & strict) == 0) {
                return at + 1 - offset;
            }
        }
        for (; at < most; at++) {
            sum = (sum << 1) + words[data[at] & 0xff];
            if ((sum & loose) == 0) {
                return at + 1 - offset;
            }
        }
        return most - offset;
    }
}
