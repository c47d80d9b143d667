package org.medbackup.app.mariadb.binlog;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file's name in the archive: {@code SERVER.HEAD.FILE}, with {@code .LENGTH.partial} behind where only its beginning is
 * there.
 *
 * @param server digest of the server's identity, 16 digits
 * @param head {@link FileFormat#digest}
 * @param file as the server names it
 * @param length of a part; -1 for a whole file
 */
public record BinlogName(String server, String head, String file, long length) {

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{16})\\.([0-9a-f]{16})\\.(.+?)(?:\\.(\\d{20})\\.partial)?");
    private static final Pattern FILE = Pattern.compile("(.+)\\.(\\d{6,10})");

    /** A whole file. */
    public static BinlogName whole(String server, String head, String file) {
        return new BinlogName(server, head, file, -1);
    }

    /** The same file's beginning. */
    public BinlogName upTo(long bytes) {
        return new BinlogName(server, head, file, bytes);
    }

    /** Null where the text is no such name. */
    public static @Nullable BinlogName parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || !FILE.matcher(parts.group(3)).matches()) {
            return null;
        }
        String length = parts.group(4);
        return new BinlogName(
                parts.group(1), parts.group(2), parts.group(3), length == null ? -1 : Long.parseLong(length));
    }

    /** Whether a file of the binary log can have this name. */
    public static boolean isFile(String name) {
        return FILE.matcher(name).matches() && !name.contains("/");
    }

    /** The number at the end of a file's name. */
    public static long number(String file) {
        Matcher parts = FILE.matcher(file);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no file of a binary log");
        }
        return Long.parseLong(parts.group(2));
    }

    /** The name of the file with another number. */
    static String numbered(String file, long number) {
        return base(file) + "." + String.format(Locale.ROOT, "%06d", number);
    }

    /** What stands before the number. */
    public static String base(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }

    long number() {
        return number(file);
    }

    public boolean isPart() {
        return length >= 0;
    }

    @Override
    public String toString() {
        String whole = server + "." + head + "." + file;
        return isPart() ? whole + String.format(Locale.ROOT, ".%020d.partial", length) : whole;
    }
}
