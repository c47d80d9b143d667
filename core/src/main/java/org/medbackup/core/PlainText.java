package org.medbackup.core;

import java.nio.charset.StandardCharsets;

/** Text that comes from outside, made harmless for a protocol's lines and as long as a protocol takes. */
public final class PlainText {

    /** Stands at the end of what was shortened. Three bytes of UTF-8. */
    public static final String MARK = "…";

    private static final int MARK_BYTES = MARK.getBytes(StandardCharsets.UTF_8).length;

    private PlainText() {}

    /**
     * The same as one line of well-formed Unicode: a space for each line break and control character, and for each
     * character that turns the direction of writing (Unicode Technical Report 36, 2.10); U+FFFD for half a surrogate pair.
     */
    public static String oneLine(String text) {
        if (text.codePoints().noneMatch(PlainText::isHarmful)) {
            return text;
        }
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> line.appendCodePoint(harmless(point)));
        return line.toString();
    }

    private static boolean isHarmful(int point) {
        return harmless(point) != point;
    }

    private static int harmless(int point) {
        boolean turns = point == 0x200e
                || point == 0x200f
                || point == 0x061c
                || (point >= 0x202a && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069);
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
            case Character.SURROGATE -> 0xfffd;
            default -> turns ? ' ' : point;
        };
    }

    /**
     * The same as one line (see {@link #oneLine}) of at most so many bytes of UTF-8; where it had more, it ends with
     * {@link #MARK}. No character is cut.
     *
     * @param bytes at least 3
     */
    public static String oneLine(String text, int bytes) {
        if (bytes < MARK_BYTES) {
            throw new IllegalArgumentException("there is no room for the mark");
        }
        String line = oneLine(text);
        int end = 0;
        int length = 0;
        int cut = 0;
        while (end < line.length()) {
            int point = line.codePointAt(end);
            length += bytesOf(point);
            if (length > bytes) {
                return line.substring(0, cut) + MARK;
            }
            end += Character.charCount(point);
            if (length <= bytes - MARK_BYTES) {
                cut = end;
            }
        }
        return line;
    }

    private static int bytesOf(int point) {
        if (point < 0x80) {
            return 1;
        }
        if (point < 0x800) {
            return 2;
        }
        return point < 0x10000 ? 3 : 4;
    }
}
