package org.medbackup.core.content;

/**
 * Whether bytes look as if they were drawn at random, by Pearson's chi-square over the counts of the 256 values. Ciphertext does;
 * so does, in samples as short as these, what a good compressor has written, which is told apart by its kind.
 */
public final class Randomness {

    /** The shortest sample that is judged. */
    public static final int SHORTEST = 256;

    /** The longest part of a sample that is looked at. */
    public static final int SAMPLE = 512;

    private static final int VALUES = 256;

    /** Of so many bytes the different ones are counted first: that takes a hundredth of the time. */
    private static final int GATE = 64;

    /** Random bytes have 57 different ones among 64, give or take 2.3. */
    private static final int DIFFERENT = 44;

    /** 255 degrees of freedom: mean 255, standard deviation 22.6; about five of them to either side. */
    private static final double LOW = 145;

    private static final double HIGH = 375;

    private Randomness() {}

    /**
     * Whether a sample looks random; false where it is shorter than {@link #SHORTEST}.
     *
     * @param length of which the first {@link #SAMPLE} are looked at
     */
    public static boolean looksRandom(byte[] bytes, int offset, int length) {
        if (length < SHORTEST || different(bytes, offset) < DIFFERENT) {
            return false;
        }
        double value = chiSquare(bytes, offset, Math.min(length, SAMPLE));
        return value > LOW && value < HIGH;
    }

    private static int different(byte[] bytes, int offset) {
        long[] seen = new long[4];
        for (int i = offset; i < offset + GATE; i++) {
            seen[(bytes[i] & 0xff) >>> 6] |= 1L << bytes[i];
        }
        return Long.bitCount(seen[0]) + Long.bitCount(seen[1]) + Long.bitCount(seen[2]) + Long.bitCount(seen[3]);
    }

    /** Pearson's chi-square of some bytes against the even distribution, with 255 degrees of freedom. */
    public static double chiSquare(byte[] bytes, int offset, int length) {
        int[] counts = new int[VALUES];
        for (int i = offset; i < offset + length; i++) {
            counts[bytes[i] & 0xff]++;
        }
        double squares = 0;
        for (int count : counts) {
            squares += (double) count * count;
        }
        return squares * VALUES / length - length;
    }
}
