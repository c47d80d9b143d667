package org.medbackup.app.postgresql.log;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of one cluster's history. A timeline's number alone does not say which: two standbys that are promoted from the
 * same primary both call theirs the next one. The digest of the history file tells them apart.
 *
 * @param system identifier of the cluster
 * @param timeline its number
 * @param digest first 16 digits of the SHA-256 of its history file; empty for the first timeline, which has none
 */
record Branch(String system, int timeline, String digest) {

    private static final Pattern NAME =
            Pattern.compile("(\\d{1,20})\\.([0-9A-F]{8})(?:-([0-9a-f]{16}))?\\.([0-9A-F]{8}.+)");

    /** A file of the log under the name that it has in the archive. */
    record Named(Branch branch, String file) {}

    /** The name in the archive of a file of this branch. */
    String named(String file) {
        return system + "." + key() + "." + file;
    }

    /** As people see it. */
    String key() {
        return String.format(Locale.ROOT, "%08X", timeline) + (digest.isEmpty() ? "" : "-" + digest);
    }

    /** Understands a name of the archive; null for one that we did not give. */
    static @Nullable Named parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        String digest = matcher.group(3) == null ? "" : matcher.group(3);
        var branch = new Branch(matcher.group(1), Integer.parseUnsignedInt(matcher.group(2), 16), digest);
        return new Named(branch, matcher.group(4));
    }
}
