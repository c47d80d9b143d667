package org.medbackup.audit.note;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads notes that stand one after the other, an empty line behind each. Finds the next whole note behind a damaged one.
 * Keeps one note in memory. For one thread.
 */
public final class NoteReader {

    /** Room for a text and a good many signatures of post-quantum size. */
    private static final int LONGEST = 64 * 1024;

    /** What was read. */
    public sealed interface Read {

        /** A whole note, from one position to another, with its empty line. */
        record Whole(SignedNote note, long start, long end) implements Read {}

        /** Bytes that are no note, from a position on. */
        record Malformed(long at) implements Read {}

        /** A note without its end, from a position on; nothing follows. */
        record Torn(long at) implements Read {}
    }

    private record Paragraph(String text, long at, boolean ended) {

        boolean isSignatures() {
            return text.startsWith(SignedNote.DASH);
        }

        /** A text is never empty, and too long a paragraph was not kept. */
        boolean isMalformed() {
            return text.isEmpty() || text.length() >= LONGEST;
        }
    }

    private final InputStream in;
    private long position;
    private @Nullable Paragraph ahead;

    /** Reads from the beginning of a stream that lies at a position of its file. */
    public NoteReader(InputStream in, long position) {
        this.in = new BufferedInputStream(in);
        this.position = position;
    }

    /** What comes next; null at a proper end. */
    public @Nullable Read next() throws IOException {
        Paragraph text = paragraph();
        if (text == null) {
            return null;
        }
        if (!text.ended()) {
            return new Read.Torn(text.at());
        }
        if (text.isMalformed() || text.isSignatures()) {
            return new Read.Malformed(text.at());
        }
        Paragraph signatures = paragraph();
        if (signatures == null || (!signatures.ended() && mayBecomeSignatures(signatures.text()))) {
            return new Read.Torn(text.at());
        }
        if (!signatures.isSignatures() || signatures.isMalformed()) {
            ahead = signatures;
            return new Read.Malformed(text.at());
        }
        List<String> lines = List.of(signatures.text().split("\n"));
        return new Read.Whole(new SignedNote(text.text(), lines), text.at(), position);
    }

    private static boolean mayBecomeSignatures(String text) {
        return text.startsWith(SignedNote.DASH) || SignedNote.DASH.startsWith(text);
    }

    /** Lines up to an empty one or the end; null at the end. */
    private @Nullable Paragraph paragraph() throws IOException {
        Paragraph waiting = ahead;
        if (waiting != null) {
            ahead = null;
            return waiting;
        }
        long at = position;
        var text = new StringBuilder();
        int before = '\n';
        for (int next = in.read(); next >= 0; next = in.read()) {
            position++;
            if (next == '\n' && before == '\n') {
                return new Paragraph(text.toString(), at, true);
            }
            if (text.length() < LONGEST) {
                text.append((char) next);
            }
            before = next;
        }
        return position == at ? null : new Paragraph(text.toString(), at, false);
    }
}
