package org.medbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Layout;

/** Compares the bytes that were cut off after crashes with the entries that say so. For one thread. */
final class Evidence {

    private static final String EVENT = "recovered";

    private final Layout layout;
    private final Findings findings;
    private final Set<String> unclaimed;

    /**
     * @param names what lies below {@code torn/}
     */
    Evidence(Layout layout, Set<String> names, Findings findings) {
        this.layout = layout;
        this.findings = findings;
        this.unclaimed = names;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    void compare(AuditEntry entry) throws IOException {
        if (!entry.event().equals(EVENT)) {
            return;
        }
        String kind = String.valueOf(entry.facts().get("torn"));
        unclaimed.remove(Layout.tornName(entry.index(), kind));
        try (InputStream in = Files.newInputStream(layout.torn(entry.index(), kind))) {
            if (!sha256(in.readNBytes(Bundle.LONGEST)).equals(entry.facts().get("sha256"))) {
                findings.add(
                        Finding.Code.CHANGED_EVIDENCE,
                        entry.index(),
                        "the bytes that were cut off before entry " + entry.index() + " have been changed");
            }
        } catch (NoSuchFileException missing) {
            findings.add(
                    Finding.Code.MISSING_FILE,
                    entry.index(),
                    "the bytes that were cut off before entry " + entry.index() + " are gone");
        }
    }

    /** An entry that cannot be read may have told of some. */
    void excuse(long entry) {
        unclaimed.removeIf(name -> name.startsWith(Layout.tornName(entry, "")));
    }

    /** Says what no entry claims; a crash may leave what the next entry will claim. */
    void finish(long size) {
        excuse(size);
        for (String name : unclaimed) {
            findings.add(Finding.Code.UNKNOWN_FILE, -1, "no entry tells of torn/" + name);
        }
    }
}
