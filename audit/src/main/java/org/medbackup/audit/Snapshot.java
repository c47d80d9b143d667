package org.medbackup.audit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Layout;

/**
 * The two ends at which a trail grows, as they were at one moment: all before them never changes, so that the rest can be
 * read while others append.
 *
 * @param bundles number of files of entries
 * @param entries the bytes of the last of them
 * @param before length of the file of checkpoints without its end; negative where there is none
 * @param checkpoints the bytes of that end
 */
record Snapshot(long bundles, byte[] entries, long before, byte[] checkpoints) {

    /** A writer cuts off at most one unfinished checkpoint. */
    private static final int END = 256 * 1024;

    /** Takes it, with the lock held; files of entries may have come since somebody counted. */
    static Snapshot take(Layout layout, long counted) throws IOException {
        long bundles = counted;
        while (Files.exists(layout.bundle(bundles))) {
            bundles++;
        }
        byte[] entries = bundles == 0 ? new byte[0] : Bundle.bytes(layout.bundle(bundles - 1));
        try (FileChannel channel = FileChannel.open(layout.checkpoints(), StandardOpenOption.READ)) {
            long before = Math.max(0, channel.size() - END);
            ByteBuffer end = ByteBuffer.allocate((int) (channel.size() - before));
            channel.position(before);
            while (end.hasRemaining() && channel.read(end) >= 0) {
                // read up to the end
            }
            return new Snapshot(bundles, entries, before, Arrays.copyOf(end.array(), end.position()));
        } catch (NoSuchFileException missing) {
            return new Snapshot(bundles, entries, -1, new byte[0]);
        }
    }

    boolean lacksCheckpoints() {
        return before < 0;
    }

    /** The checkpoints of that moment. */
    InputStream open(Layout layout) throws IOException {
        if (before <= 0) {
            return new ByteArrayInputStream(checkpoints);
        }
        InputStream first = new Beginning(Files.newInputStream(layout.checkpoints()), before);
        return new SequenceInputStream(first, new ByteArrayInputStream(checkpoints));
    }
}
