package org.medbackup.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.merkle.TreeHead;

/**
 * A trail as it was at one moment, so that it can be copied while others append to it: files that never change again and are
 * copied as they are, and the beginnings of the two at which the trail grows. A copy of it is a trail of its own, that goes on
 * with the key of the same host. Immutable; safe for use by several threads.
 */
public final class TrailPrefix {

    private final Layout layout;
    private final TreeHead head;
    private final byte[] entries;
    private final long checkpoints;

    private TrailPrefix(Layout layout, TreeHead head, byte[] entries, long checkpoints) {
        this.layout = layout;
        this.head = head;
        this.entries = entries;
        this.checkpoints = checkpoints;
    }

    /** Takes it, with the lock held. */
    static TrailPrefix take(Layout layout, TreeHead head) throws IOException {
        byte[] entries;
        try {
            entries = Bundle.bytes(layout.bundle(head.size() / Layout.BUNDLE));
        } catch (NoSuchFileException none) {
            entries = new byte[0];
        }
        return new TrailPrefix(layout, head, entries, Files.size(layout.checkpoints()));
    }

    /** How many entries it has, and their root hash. */
    public TreeHead head() {
        return head;
    }

    /** The folder of the trail. */
    public Path folder() {
        return layout.folder();
    }

    /**
     * Whether a file belongs to it and never changes again.
     *
     * @param below its path below the folder
     */
    public boolean isSettled(String below) {
        Path file = layout.folder().resolve(below);
        return file.equals(layout.key())
                || switch (layout.kindOf(file)) {
                    case Layout.Kind.Bundle bundle -> bundle.number() < head.size() / Layout.BUNDLE;
                    case Layout.Kind.Tile tile -> isFull(tile);
                    case Layout.Kind.Stamp stamp -> stamp.size() <= head.size();
                    case Layout.Kind.Torn torn -> torn.entry() < head.size();
                    case Layout.Kind.Fixed _, Layout.Kind.Unknown _ -> false;
                };
    }

    private boolean isFull(Layout.Kind.Tile tile) {
        int bits = 8 * (tile.level() + 1);
        return bits < Long.SIZE - 1 && tile.number() < head.size() >> bits;
    }

    /** Takes the content of a file. */
    @FunctionalInterface
    public interface Taker {

        /**
         * Takes it, to its end.
         *
         * @param below path of the file below the folder
         */
        void take(String below, InputStream content) throws IOException;
    }

    /**
     * Hands over the files at which the trail grows, as they were.
     *
     * @throws org.medbackup.core.error.FailedException with {@code STATE_UNUSABLE} where one cannot be read
     */
    public void growing(Taker taker) {
        try {
            if (entries.length > 0) {
                Path newest = layout.bundle(head.size() / Layout.BUNDLE);
                taker.take(below(newest), new ByteArrayInputStream(entries));
            }
            try (InputStream all = Files.newInputStream(layout.checkpoints());
                    InputStream beginning = new Beginning(all, checkpoints)) {
                taker.take(below(layout.checkpoints()), beginning);
            }
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    private String below(Path file) {
        return layout.folder().relativize(file).toString();
    }
}
