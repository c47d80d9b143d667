package org.medbackup.core.content;

/**
 * A look at the content of a file: its magic number, and where it has none a few short samples. Costs less than a microsecond
 * where nothing looks random.
 */
public final class ContentLook {

    /** What is encrypted piece by piece is so in pieces of a power of two; samples lie in neighbouring pieces of this length. */
    private static final int PIECE = 4096;

    /** From this length on the middle is looked at, too. */
    private static final int LONG = 8 * PIECE;

    private ContentLook() {}

    /**
     * The kind of a file that is there whole, or of which only the beginning is there.
     *
     * @param length bytes that are there
     */
    public static FileKind of(byte[] bytes, int offset, int length) {
        FileKind known = Magic.find(bytes, offset, length);
        if (known != FileKind.UNKNOWN) {
            return known;
        }
        if (length < Randomness.SHORTEST) {
            return FileKind.UNKNOWN;
        }
        int sample = Math.min(length, Randomness.SAMPLE);
        int last = length - sample;
        boolean first = random(bytes, offset, 0, sample);
        boolean end = random(bytes, offset, last, sample);
        boolean second = last >= PIECE && random(bytes, offset, PIECE, sample);
        if (first && end && (second || last < PIECE)) {
            return FileKind.RANDOM;
        }
        if (first || end || second) {
            return FileKind.MIXED;
        }
        return length >= LONG && isRandomInTheMiddle(bytes, offset, length, sample) ? FileKind.MIXED : FileKind.PLAIN;
    }

    private static boolean isRandomInTheMiddle(byte[] bytes, int offset, int length, int sample) {
        int middle = length / 2;
        return random(bytes, offset, middle, sample) || random(bytes, offset, middle + PIECE, sample);
    }

    private static boolean random(byte[] bytes, int offset, int at, int length) {
        return Randomness.looksRandom(bytes, offset + at, length);
    }
}
