package org.medbackup.engine.internal.chunk;

/**
 * CRC-32C of a joined message from the CRCs of its parts, and of runs of zeros, without touching the bytes: appending n
 * zero bits is a linear map over GF(2), applied by squaring (the method of zlib's crc32_combine, here for the Castagnoli
 * polynomial).
 */
public final class Crc32cCombine {

    private static final int POLYNOMIAL = 0x82f63b78; // Castagnoli, reflected

    /** ZEROS[k] appends 2^k zero bytes. */
    private static final int[][] ZEROS = operators();

    private Crc32cCombine() {}

    private static int[][] operators() {
        var bit = new int[32];
        bit[0] = POLYNOMIAL;
        for (int i = 1; i < 32; i++) {
            bit[i] = 1 << i - 1;
        }
        int[] step = square(square(square(bit))); // one bit, two, four, eight: a byte
        var operators = new int[63][];
        for (int i = 0; i < operators.length; i++) {
            operators[i] = step;
            step = square(step);
        }
        return operators;
    }

    private static int times(int[] matrix, int vector) {
        int sum = 0;
        for (int i = 0; i < 32; i++) {
            if ((vector >>> i & 1) != 0) {
                sum ^= matrix[i];
            }
        }
        return sum;
    }

    private static int[] square(int[] matrix) {
        var square = new int[32];
        for (int i = 0; i < 32; i++) {
            square[i] = times(matrix, matrix[i]);
        }
        return square;
    }

    /** The CRC of a message that consists of two. */
    public static int combine(int first, int second, long secondLength) {
        int shifted = first;
        for (int i = 0; secondLength >>> i != 0; i++) {
            if ((secondLength >>> i & 1) != 0) {
                shifted = times(ZEROS[i], shifted);
            }
        }
        return shifted ^ second;
    }

    /** The CRC of a message of zeros. */
    public static int zeros(long length) {
        // The register starts as all ones and is inverted at the end; zeros only shift it.
        int shifted = -1;
        for (int i = 0; length >>> i != 0; i++) {
            if ((length >>> i & 1) != 0) {
                shifted = times(ZEROS[i], shifted);
            }
        }
        return ~shifted;
    }
}
