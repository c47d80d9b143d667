package org.medbackup.core.content;

/**
 * A look at the content of a file: its magic number, and where it has none a few short samples. Costs less than a microsecond
 * where nothing looks random.
 */
public final class ContentLook {

    /** What is encrypted piece by piece is so in pieces of a power of two; samples lie in neighbouring pieces of this length. */
    private static final int PIECE = 4096;

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
        int middle = length / 2;
        boolean first = random(bytes, offset, 0, sample);
        int random = (first ? 1 : 0) + (random(bytes, offset, last, sample) ? 1 : 0);
        int samples = 2;
        for (int at : new int[] {PIECE, middle, middle + PIECE}) {
            if (at <= last) {
                random += random(bytes, offset, at, sample) ? 1 : 0;
                samples++;
            }
        }
        if (random == 0) {
            return FileKind.PLAIN;
        }
        return first && 2 * random > samples ? FileKind.RANDOM : FileKind.MIXED;
    }

    private static boolean random(byte[] bytes, int offset, int at, int length) {
        return Randomness.looksRandom(bytes, offset + at, length);
    }
}
