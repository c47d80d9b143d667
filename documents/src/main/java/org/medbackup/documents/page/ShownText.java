package org.medbackup.documents.page;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes any text one that can stand in a page: what a document cannot hold, what would turn the order of its neighbours round,
 * and what the page's font does not have is written as its number, such as {@code [U+202E]}, so that nothing is lost.
 */
final class ShownText {

    private ShownText() {}

    /**
     * The text with its marks escaped, for an element or an attribute in double quotes.
     *
     * @param shown which code points the font has
     */
    static String of(String text, IntPredicate shown) {
        var out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(each -> put(out, each, shown));
        return out.toString();
    }

    private static void put(StringBuilder out, int point, IntPredicate shown) {
        switch (point) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> {
                if (isHarmless(point) && shown.test(point)) {
                    out.appendCodePoint(point);
                } else {
                    out.append(String.format(Locale.ROOT, "[U+%04X]", point));
                }
            }
        }
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
