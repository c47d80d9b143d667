package org.medbackup.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.audit.note.NoteReader;
import org.medbackup.audit.note.NoteReader.Read.Whole;
import org.medbackup.audit.note.VerifierKey;

/**
 * The public key of a trail, as {@code key.pub} holds it: it tells what the trail has signed, without the trail and its host.
 * Immutable; safe for use by several threads.
 */
public final class TrailKey {

    private final VerifierKey key;

    TrailKey(VerifierKey key) {
        this.key = key;
    }

    /** Reads one line as {@code key.pub} has it; empty for anything else. */
    public static Optional<TrailKey> parse(String text) {
        return Optional.ofNullable(VerifierKey.parse(text.strip())).map(TrailKey::new);
    }

    /**
     * The head that a checkpoint states.
     *
     * @param note the checkpoint with its signature
     * @return empty where this key did not sign it, or it is none
     */
    public Optional<TreeHead> head(String note) {
        return Optional.ofNullable(signed(note))
                .map(Checkpoint::parse)
                .filter(checkpoint -> checkpoint.origin().equals(key.name()))
                .map(Checkpoint::head);
    }

    /**
     * What a note of {@link AuditTrail#sign} states.
     *
     * @return empty where this key did not sign it, or it is a checkpoint
     */
    public Optional<String> statement(String note) {
        return Optional.ofNullable(signed(note))
                .filter(text -> Checkpoint.parse(text) == null)
                .map(text -> new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    private @Nullable String signed(String note) {
        byte[] bytes = (note + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            return new NoteReader(new ByteArrayInputStream(bytes), 0).next() instanceof Whole whole
                            && whole.end() == bytes.length
                            && whole.note().isSignedBy(key)
                    ? whole.note().text()
                    : null;
        } catch (IOException never) {
            throw new UncheckedIOException("bytes in memory can be read", never);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrailKey that && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** The line of {@code key.pub}. */
    @Override
    public String toString() {
        return key.toString();
    }
}
