package org.medbackup.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lock file of a running server: its first line is the process, its eighth the state (since PostgreSQL 10). */
final class PostmasterFile {

    private static final int STATE_LINE = 7;

    private PostmasterFile() {}

    /** Whether the server with this process id takes connections. */
    static boolean saysReady(Path dataFolder, long pid) {
        List<String> lines;
        try {
            // Bytes of a path in it need not be UTF-8.
            lines = Files.readAllLines(dataFolder.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
        } catch (IOException notYetThere) {
            return false;
        }
        return lines.size() > STATE_LINE
                && lines.getFirst().equals(Long.toString(pid))
                && lines.get(STATE_LINE).startsWith("ready");
    }
}
