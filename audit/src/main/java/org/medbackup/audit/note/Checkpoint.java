package org.medbackup.audit.note;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;

/**
 * What a log signs: its name and its head (c2sp.org/tlog-checkpoint).
 *
 * @param origin names the log
 */
public record Checkpoint(String origin, TreeHead head) {

    /** The three lines. */
    public String text() {
        return origin + "\n" + head.size() + "\n"
                + Base64.getEncoder().encodeToString(head.root().bytes()) + "\n";
    }

    /** Reads the three lines; null for anything else. */
    public static @Nullable Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4) {
            return null;
        }
        try {
            Hash root = Hash.copyOf(SignedNote.decode(lines[2]), 0);
            var checkpoint = new Checkpoint(lines[0], new TreeHead(Long.parseLong(lines[1]), root));
            return checkpoint.text().equals(text) ? checkpoint : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
