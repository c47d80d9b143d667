package org.medbackup.app.postgresql.log;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a timeline came from: a line for each timeline before it, with the position at which it was left (PostgreSQL,
 * {@code timeline.c}).
 *
 * @param ancestors the oldest first
 */
record WalHistory(List<Ancestor> ancestors) {

    private static final int DIGEST = 16;

    WalHistory {
        ancestors = List.copyOf(ancestors);
    }

    /** A timeline before. */
    record Ancestor(int timeline, Lsn end) {}

    /** The history of the first timeline. */
    static WalHistory none() {
        return new WalHistory(List.of());
    }

    /**
     * Reads the file's text.
     *
     * @throws IllegalArgumentException where it is none
     */
    static WalHistory parse(String text) {
        List<Ancestor> ancestors = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 3);
            if (words.length < 2) {
                throw new IllegalArgumentException("no history of a timeline");
            }
            ancestors.add(new Ancestor(Integer.parseUnsignedInt(words[0]), Lsn.parse(words[1])));
        }
        return new WalHistory(ancestors);
    }

    /** What tells this file from another one of the same timeline. */
    static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(sum).substring(0, DIGEST);
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("every JDK has SHA-256", impossible);
        }
    }

    /** The history of its last ancestor. */
    WalHistory parent() {
        return new WalHistory(ancestors.subList(0, Math.max(0, ancestors.size() - 1)));
    }

    /** The timeline of a position, where this is the history of a timeline. */
    int timelineAt(Lsn position, int own) {
        for (Ancestor each : ancestors) {
            if (Long.compareUnsigned(position.value(), each.end().value()) < 0) {
                return each.timeline();
            }
        }
        return own;
    }
}
