package org.medbackup.corpus;

/**
 * Byte arrays by seed: the same seed and length give the same bytes, a greater length begins with those of a smaller one.
 * Every array is new and the caller's.
 */
public final class Bytes {

    private Bytes() {}

    /** Bytes that do not compress and do not repeat. */
    public static byte[] random(long seed, int length) {
        return of(Fill.RANDOM, seed, length);
    }

    /** Text and random stretches mixed within each 512 bytes: zstd level 1 makes 51 % of it. */
    public static byte[] halfCompressible(long seed, int length) {
        return of(Fill.HALF, seed, length);
    }

    /** Words and numbers as of clinical notes, in ASCII: zstd level 1 makes 28 % of it. */
    public static byte[] text(long seed, int length) {
        return of(Fill.TEXT, seed, length);
    }

    private static byte[] of(Fill fill, long seed, int length) {
        var bytes = new byte[length];
        fill.fill(seed, 0, bytes, 0, length);
        return bytes;
    }
}
