package org.medbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.TreeSet;
import org.medbackup.audit.files.Layout;
import org.medbackup.core.error.BackupException;

/** Compares the time-stamps below {@code stamps/} with the checkpoints that they attest. For one thread. */
final class Stamps {

    private static final int LONGEST = 256 * 1024;

    private final Layout layout;
    private final StampCheck check;
    private final Findings findings;
    private final Set<Long> left;

    /**
     * @param sizes of the checkpoints of which there is one
     */
    Stamps(Layout layout, Set<Long> sizes, StampCheck check, Findings findings) {
        this.layout = layout;
        this.check = check;
        this.findings = findings;
        this.left = new TreeSet<>(sizes);
    }

    /** A checkpoint with good signatures. */
    void compare(long size, String text) throws IOException {
        if (!left.remove(size)) {
            return;
        }
        try (InputStream in = Files.newInputStream(layout.stamp(size))) {
            check.time(in.readNBytes(LONGEST), text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException meanwhile) {
            left.add(size);
        } catch (BackupException bad) {
            bad(size, "the time-stamp of the checkpoint of size " + size + " does not attest it");
        }
    }

    void finish() {
        left.forEach(
                size -> bad(size, "there is a time-stamp of size " + size + ", and no checkpoint that it attests"));
    }

    private void bad(long size, String message) {
        findings.add(Finding.Code.BAD_TIMESTAMP, size, message);
    }
}
