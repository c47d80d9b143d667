package org.medbackup.app.postgresql.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file of the log as the server writes it (PostgreSQL, {@code xlog_internal.h}).
 *
 * @param timeline it belongs to
 * @param kind what it is
 * @param high first half of the segment's number, 0 for a history
 * @param low second half of it
 * @param length bytes that are in it, for a part that we cut ourselves; -1 for others
 */
record WalName(int timeline, Kind kind, long high, long low, long length) {

    private static final Pattern SEGMENT = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\\..+)?");
    private static final Pattern HISTORY = Pattern.compile("([0-9A-F]{8})\\.history");
    private static final Pattern CUT = Pattern.compile("\\.([0-9A-F]{8})\\.partial");

    enum Kind {
        SEGMENT,
        /** The beginning of a segment: the last one of a timeline, or what was received of it so far. */
        PARTIAL,
        /** Where a timeline came from. */
        HISTORY,
        /** Where a base backup began and ended. */
        BACKUP
    }

    /** Understands a name; null for one that the server does not give. */
    static @Nullable WalName parse(String name) {
        Matcher history = HISTORY.matcher(name);
        if (history.matches()) {
            return new WalName(number(history.group(1)), Kind.HISTORY, 0, 0, -1);
        }
        Matcher segment = SEGMENT.matcher(name);
        if (!segment.matches()) {
            return null;
        }
        String rest = segment.group(4) == null ? "" : segment.group(4);
        Matcher cut = CUT.matcher(rest);
        boolean ours = cut.matches();
        Kind kind;
        if (rest.isEmpty()) {
            kind = Kind.SEGMENT;
        } else if (ours || rest.equals(".partial")) {
            kind = Kind.PARTIAL;
        } else if (rest.matches("\\.[0-9A-F]{8}\\.backup")) {
            kind = Kind.BACKUP;
        } else {
            return null;
        }
        return new WalName(
                number(segment.group(1)),
                kind,
                Long.parseLong(segment.group(2), 16),
                Long.parseLong(segment.group(3), 16),
                ours ? Long.parseLong(cut.group(1), 16) : -1);
    }

    private static int number(String hexadecimal) {
        return Integer.parseUnsignedInt(hexadecimal, 16);
    }

    /** The number of the segment. */
    long segment(int size) {
        return high * (0x1_0000_0000L / size) + low;
    }

    /** The name of a segment. */
    static String segment(int timeline, long segment, int size) {
        long perHigh = 0x1_0000_0000L / size;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perHigh, segment % perHigh);
    }

    /** The name of what is there of a segment. */
    static String partial(int timeline, long segment, int size, long length) {
        return String.format(Locale.ROOT, "%s.%08X.partial", segment(timeline, segment, size), length);
    }

    /** The name of a timeline's history. */
    static String history(int timeline) {
        return String.format(Locale.ROOT, "%08X.history", timeline);
    }
}
