package org.medbackup.engine.internal.scan;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;

/**
 * Shell patterns over paths as bytes: {@code *} and {@code ?} within a name, {@code [a-z]} and {@code [!a-z]}, {@code **}
 * over any number of folders. A pattern with a slash at its beginning is held against the whole path from the root, one
 * with a slash inside against every tail of the path, one without against each name. What matches is left out with all
 * below it. Immutable; safe for use by several threads.
 */
public final class Exclusions {

    private final List<List<byte[]>> anchored = new ArrayList<>();
    private final List<List<byte[]>> floating = new ArrayList<>();

    /**
     * Reads patterns.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PATTERN_MALFORMED}
     */
    public Exclusions(List<String> patterns) {
        for (String pattern : patterns) {
            String trimmed = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
            if (trimmed.isEmpty()) {
                throw ErrorCode.PATTERN_MALFORMED.because("the pattern is empty");
            }
            boolean fromRoot = trimmed.startsWith("/");
            List<byte[]> names = new ArrayList<>();
            for (String name : (fromRoot ? trimmed.substring(1) : trimmed).split("/", -1)) {
                names.add(checked(name, pattern));
            }
            (fromRoot ? anchored : floating).add(List.copyOf(names));
        }
    }

    private static byte[] checked(String name, String pattern) {
        // The bytes and not the text are looked at: an escape may stand for a bracket.
        byte[] bytes = PathBytes.of(name).bytes();
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at++] == '[') {
                at = behindBracket(bytes, at, pattern);
            }
        }
        return bytes;
    }

    /** The first place within a bracket is never its end. */
    private static int behindBracket(byte[] bytes, int inside, String pattern) {
        int at = inside;
        if (at < bytes.length && (bytes[at] == '!' || bytes[at] == '^')) {
            at++;
        }
        for (at++; at < bytes.length; at++) {
            if (bytes[at] == ']') {
                return at + 1;
            }
        }
        throw ErrorCode.PATTERN_MALFORMED.because("a bracket is not closed in " + pattern);
    }

    public boolean isEmpty() {
        return anchored.isEmpty() && floating.isEmpty();
    }

    /** Whether an absolute path is to be left out. Folders above it have been asked about before. */
    public boolean exclude(PathBytes path) {
        List<byte[]> names = split(path);
        for (List<byte[]> pattern : anchored) {
            if (matches(pattern, 0, names, 0)) {
                return true;
            }
        }
        for (List<byte[]> pattern : floating) {
            for (int from = 0; from < names.size(); from++) {
                if (matches(pattern, 0, names, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<byte[]> split(PathBytes path) {
        var names = new ArrayList<byte[]>();
        byte[] bytes = path.bytes();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                if (i > start) {
                    names.add(java.util.Arrays.copyOfRange(bytes, start, i));
                }
                start = i + 1;
            }
        }
        return names;
    }

    private static boolean matches(List<byte[]> pattern, int p, List<byte[]> names, int n) {
        if (p == pattern.size()) {
            return n == names.size();
        }
        byte[] part = pattern.get(p);
        if (part.length == 2 && part[0] == '*' && part[1] == '*') {
            for (int next = n; next <= names.size(); next++) {
                if (matches(pattern, p + 1, names, next)) {
                    return true;
                }
            }
            return false;
        }
        return n < names.size() && matches(part, 0, names.get(n), 0) && matches(pattern, p + 1, names, n + 1);
    }

    /** Matches one name; steps back only to the last star, so that no pattern takes more than quadratic time. */
    private static boolean matches(byte[] pattern, int patternStart, byte[] name, int nameStart) {
        int p = patternStart;
        int n = nameStart;
        int star = -1;
        int afterStar = 0;
        while (n < name.length) {
            int next = p < pattern.length ? single(pattern, p, name[n]) : -1;
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                afterStar = n;
            } else if (next > 0) {
                p = next;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++afterStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }

    /** Where the pattern goes on when its element here takes a byte, -1 where it does not. */
    private static int single(byte[] pattern, int at, byte value) {
        if (pattern[at] == '?') {
            return at + 1;
        }
        if (pattern[at] != '[') {
            return pattern[at] == value ? at + 1 : -1;
        }
        boolean negated = pattern[at + 1] == '!' || pattern[at + 1] == '^';
        int i = at + (negated ? 2 : 1);
        boolean found = false;
        boolean first = true;
        while (i < pattern.length && (first || pattern[i] != ']')) {
            first = false;
            boolean range = i + 2 < pattern.length && pattern[i + 1] == '-' && pattern[i + 2] != ']';
            int low = pattern[i] & 0xff;
            int high = range ? pattern[i + 2] & 0xff : low;
            int wanted = value & 0xff;
            found |= wanted >= low && wanted <= high;
            i += range ? 3 : 1;
        }
        return found != negated ? i + 1 : -1;
    }
}
