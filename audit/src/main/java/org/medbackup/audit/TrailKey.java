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
import org.medbackup.core.Secret;

/**
 * The public keys of a trail, as {@code key.pub} holds them: they tell what the trail has signed, without the trail and its
 * host. A trail has one of Ed25519 and one of ML-DSA-65, and signs with both; one that nobody has continued since there was no
 * second key has the first alone. Immutable; safe for use by several threads.
 */
public final class TrailKey {

    private final VerifierKey key;
    private final @Nullable VerifierKey second;

    TrailKey(VerifierKey key, @Nullable VerifierKey second) {
        this.key = key;
        this.second = second;
    }

    /** The keys of the trail of a host. */
    public static TrailKey ofHost(Secret hostKey) {
        return TrailKeys.derive(hostKey).signer().keys();
    }

    /** Reads one or two lines as {@code key.pub} has them; empty for anything else. */
    public static Optional<TrailKey> parse(String text) {
        String[] lines = text.strip().split("\n", -1);
        VerifierKey first = VerifierKey.parse(lines[0]);
        VerifierKey second = lines.length == 2 ? VerifierKey.parse(lines[1]) : null;
        boolean pair = lines.length == 1
                || (second != null
                        && first != null
                        && second.isPostQuantum()
                        && second.name().equals(first.name()));
        return first != null && !first.isPostQuantum() && pair
                ? Optional.of(new TrailKey(first, second))
                : Optional.empty();
    }

    /** The first key alone, for what was signed before there was a second. */
    public TrailKey alone() {
        return new TrailKey(key, null);
    }

    /** Whether there is a second key. What is checked must then be signed with both. */
    public boolean hasSecond() {
        return second != null;
    }

    VerifierKey first() {
        return key;
    }

    @Nullable
    VerifierKey second() {
        return second;
    }

    /**
     * The head that a checkpoint states.
     *
     * @param note the checkpoint with its signature
     * @return empty where these keys did not sign it, or it is none
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
     * @return empty where these keys did not sign it, or it is a checkpoint
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
                            && (second == null || whole.note().isSignedBy(second))
                    ? whole.note().text()
                    : null;
        } catch (IOException never) {
            throw new UncheckedIOException("bytes in memory can be read", never);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrailKey that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** The lines of {@code key.pub}, without a line feed behind the last. */
    @Override
    public String toString() {
        return second == null ? key.toString() : key + "\n" + second;
    }
}
