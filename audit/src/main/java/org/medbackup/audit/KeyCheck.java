package org.medbackup.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.note.NoteReader;
import org.medbackup.audit.note.NoteReader.Read;
import org.medbackup.audit.note.VerifierKey;

/**
 * With which keys a trail is to be verified.
 *
 * @param keys check the checkpoints
 * @param own whether they are the given host's, so that the tags can be checked too
 * @param lacksSecond whether the file is that of a trail of before there was a second key
 */
record KeyCheck(TrailKey keys, boolean own, boolean lacksSecond) {

    private static final int LONGEST = 4096;

    static KeyCheck of(Layout layout, Snapshot snapshot, TrailKeys keys, Findings findings) throws IOException {
        TrailKey expected = keys.signer().keys();
        var ours = new KeyCheck(expected, true, false);
        String text;
        try (InputStream in = Files.newInputStream(layout.key())) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            findings.add(Finding.Code.MISSING_FILE, -1, "the file key.pub is missing");
            return ours;
        }
        if (text.equals(expected + "\n")) {
            return ours;
        }
        if (text.equals(expected.alone() + "\n")) {
            return new KeyCheck(expected, true, true);
        }
        Optional<TrailKey> other = TrailKey.parse(text);
        if (other.isEmpty()
                || other.get().alone().equals(expected.alone())
                || signs(layout, snapshot, expected.first())) {
            findings.add(Finding.Code.BAD_KEY_FILE, -1, "key.pub is damaged or was replaced");
            return ours;
        }
        findings.add(
                Finding.Code.WRONG_KEY,
                -1,
                "the trail was written with another host key: give the right one, or the trail was replaced");
        return new KeyCheck(other.get(), false, !other.get().hasSecond());
    }

    /** Whether the first checkpoint that can be read is signed with a key. */
    private static boolean signs(Layout layout, Snapshot snapshot, VerifierKey key) throws IOException {
        try (InputStream in = snapshot.open(layout)) {
            NoteReader reader = new NoteReader(in, 0);
            for (Read read = reader.next(); read != null; read = reader.next()) {
                if (read instanceof Read.Whole whole) {
                    return whole.note().isSignedBy(key);
                }
            }
            return false;
        }
    }
}
