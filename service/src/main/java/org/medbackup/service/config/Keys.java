package org.medbackup.service.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Names of values, and which of several names a mistyped one is likely to be. */
final class Keys {

    private Keys() {}

    /** A JSON pointer as people write it: dots between names, items in brackets. */
    static String dotted(String pointer) {
        var text = new StringBuilder();
        for (String name : pointer.split("/", -1)) {
            String plain = plain(name);
            if (plain.isEmpty()) {
                continue;
            }
            if (plain.chars().allMatch(Character::isDigit)) {
                text.append('[').append(plain).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(plain);
            }
        }
        return text.toString();
    }

    /** The last name of a JSON pointer. */
    static String last(String pointer) {
        return plain(pointer.substring(pointer.lastIndexOf('/') + 1));
    }

    private static String plain(String name) {
        return name.replace("~1", "/").replace("~0", "~");
    }

    /** The name that is meant, where one is near enough. */
    static Optional<String> nearest(String written, Collection<String> known) {
        int most = Math.max(1, written.length() / 3);
        return known.stream()
                .filter(each -> distance(written, each) <= most)
                .min(Comparator.comparingInt(each -> distance(written, each)));
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), without regard to case. */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        var steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, a, b, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(int[][] steps, String a, String b, int i, int j) {
        int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
    }
}
