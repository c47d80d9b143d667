package org.medbackup.postgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server said since it was started. Its lines can hold data of the application, so only their class is told:
 * level and SQLSTATE.
 */
record ServerLog(Path file, long start) {

    /** Goes with {@link #CLASS}: time, process, SQLSTATE. */
    static final String LINE_PREFIX = "%m [%p] %e ";

    private static final Pattern CLASS = Pattern.compile("\\[\\d+\\] (?:(\\w{5}) )?(FATAL|PANIC):");
    private static final int TAIL = 64 * 1024;

    static ServerLog from(Path file) {
        try {
            return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
        } catch (IOException unreadable) {
            return new ServerLog(file, 0);
        }
    }

    /** The last fatal message as level and SQLSTATE, such as {@code PANIC XX000}; {@code none} where there is none. */
    String failure() {
        Matcher line = CLASS.matcher(tail());
        String last = "none";
        while (line.find()) {
            last = line.group(1) == null ? line.group(2) : line.group(2) + " " + line.group(1);
        }
        return last;
    }

    /** Whether it ended because its port was taken. */
    boolean portTaken() {
        return tail().contains("Address already in use");
    }

    private String tail() {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(start, log.length() - TAIL);
            log.seek(from);
            var bytes = new byte[(int) (log.length() - from)];
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
