package org.medbackup.app.postgresql;

import java.util.Locale;

/** A position in the write-ahead log: a byte count, written as two hexadecimal numbers. */
public record Lsn(long value) {

    /** Understands its written form; fails with an {@link IllegalArgumentException} where it is none. */
    public static Lsn parse(String text) {
        if (!text.matches("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}")) {
            throw new IllegalArgumentException("no position in a log");
        }
        int slash = text.indexOf('/');
        long high = Long.parseLong(text.substring(0, slash), 16);
        return new Lsn(high << 32 | Long.parseLong(text.substring(slash + 1), 16));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xffff_ffffL);
    }
}
