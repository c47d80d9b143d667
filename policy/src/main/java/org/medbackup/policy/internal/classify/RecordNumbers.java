package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Record numbers of a site, by patterns of it. A pattern is a row of characters, classes ({@code [A-Z0-9]}) and {@code \d}, each
 * of which may be optional ({@code ?}) or counted ({@code {7}}, {@code {6,8}}): no more, so that every text is read once, whatever
 * it holds. A number ends where a letter or digit does not follow. Immutable; safe for use by several threads.
 *
 * <p>Each length that a pattern allows is a row of sets of characters, and all rows are followed at once by a bit for each place
 * (Baeza-Yates and Gonnet, 1992: Shift-And).
 */
public final class RecordNumbers {

    /** None. */
    public static final RecordNumbers NONE = new RecordNumbers(List.of());

    private static final int LONGEST = 60;
    private static final int MOST_ROWS = 64;
    private static final int CHARACTERS = 128;

    private final List<Row> rows;

    private RecordNumbers(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** One length of a pattern: for each character the places at which it may stand. */
    private record Row(long[] places, int length) {}

    /** A place, and how often it may stand there. */
    private record Part(BitSet characters, int least, int most) {}

    /**
     * Those of some patterns.
     *
     * @throws IllegalArgumentException with a message for people where one is none
     */
    public static RecordNumbers of(List<String> patterns) {
        List<Row> rows = new ArrayList<>();
        for (String each : patterns) {
            List<List<BitSet>> lengths = List.of(List.of());
            for (Part part : parts(each)) {
                lengths = longer(lengths, part);
            }
            for (List<BitSet> length : lengths) {
                if (length.size() < 4 || length.size() > LONGEST) {
                    throw new IllegalArgumentException("a record number has 4 to " + LONGEST + " characters");
                }
                rows.add(row(length));
            }
        }
        return new RecordNumbers(rows);
    }

    private static List<List<BitSet>> longer(List<List<BitSet>> lengths, Part part) {
        List<List<BitSet>> longer = new ArrayList<>();
        for (List<BitSet> each : lengths) {
            for (int count = part.least(); count <= part.most(); count++) {
                List<BitSet> row = new ArrayList<>(each);
                for (int i = 0; i < count; i++) {
                    row.add(part.characters());
                }
                longer.add(row);
            }
        }
        if (longer.size() > MOST_ROWS) {
            throw new IllegalArgumentException("it allows more than " + MOST_ROWS + " different lengths");
        }
        return longer;
    }

    private static Row row(List<BitSet> length) {
        long[] places = new long[CHARACTERS];
        for (int place = 0; place < length.size(); place++) {
            long bit = 1L << place;
            length.get(place).stream().forEach(character -> places[character] |= bit);
        }
        return new Row(places, length.size());
    }

    // How a pattern is read

    private static List<Part> parts(String pattern) {
        byte[] text = pattern.getBytes(StandardCharsets.UTF_8);
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length) {
            var characters = new BitSet(CHARACTERS);
            at = characters(text, at, characters);
            int least = 1;
            int most = 1;
            if (at < text.length && text[at] == '?') {
                least = 0;
                at++;
            } else if (at < text.length && text[at] == '{') {
                int end = pattern.indexOf('}', at);
                String[] counts =
                        pattern.substring(at + 1, Math.max(at + 1, end)).split(",", -1);
                least = count(counts[0]);
                most = count(counts[counts.length - 1]);
                if (end < 0 || counts.length > 2 || most < least) {
                    throw new IllegalArgumentException("behind { belongs a count such as 7 or 6,8 and }");
                }
                at = end + 1;
            }
            parts.add(new Part(characters, least, most));
        }
        return parts;
    }

    private static int count(String digits) {
        if (!digits.matches("\\d{1,2}")) {
            throw new IllegalArgumentException("behind { belongs a count such as 7 or 6,8 and }");
        }
        return Integer.parseInt(digits);
    }

    private static int characters(byte[] text, int at, BitSet characters) {
        byte first = text[at];
        if (first == '[') {
            return range(text, at + 1, characters);
        }
        if (first == '\\' && at + 1 < text.length) {
            if (text[at + 1] == 'd') {
                characters.set('0', '9' + 1);
            } else {
                characters.set(plain(text[at + 1]));
            }
            return at + 2;
        }
        if ("?{}]\\*+|()^$.".indexOf(first) >= 0) {
            throw new IllegalArgumentException("'" + (char) first + "' is not known here; behind \\ it means itself");
        }
        characters.set(plain(first));
        return at + 1;
    }

    private static int range(byte[] text, int from, BitSet characters) {
        int at = from;
        while (at < text.length && text[at] != ']') {
            int first = plain(text[at]);
            boolean range = at + 2 < text.length && text[at + 1] == '-' && text[at + 2] != ']';
            int last = range ? plain(text[at + 2]) : first;
            if (last < first || at == from && first == '^') {
                throw new IllegalArgumentException("a class has characters and ranges such as [A-F0-9]");
            }
            characters.set(first, last + 1);
            at += range ? 3 : 1;
        }
        if (at >= text.length || at == from) {
            throw new IllegalArgumentException("a class ends with ] and is not empty");
        }
        return at + 1;
    }

    private static int plain(byte character) {
        if (character < ' ') {
            throw new IllegalArgumentException("a record number is of ASCII characters");
        }
        return character;
    }

    // How a text is read

    /** Whether one stands in a text. */
    boolean areIn(byte[] text) {
        return rows.stream().anyMatch(each -> isIn(text, each));
    }

    private static boolean isIn(byte[] text, Row row) {
        long last = 1L << (row.length() - 1);
        long open = 0;
        for (int at = 0; at < text.length; at++) {
            byte character = text[at];
            open = character < 0 ? 0 : (open << 1 | 1) & row.places()[character];
            if ((open & last) != 0 && !isWord(text, at + 1) && !isWord(text, at - row.length())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(byte[] text, int at) {
        return at >= 0 && at < text.length && (text[at] < 0 || Character.isLetterOrDigit(text[at]));
    }
}
