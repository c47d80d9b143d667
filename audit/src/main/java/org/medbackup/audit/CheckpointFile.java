package org.medbackup.audit;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.OpenFile;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.note.Checkpoint;
import org.medbackup.audit.note.NoteReader;
import org.medbackup.audit.note.NoteReader.Read;
import org.medbackup.audit.note.SignedNote;
import org.medbackup.core.error.ErrorCode;

/** The writer's view of the file of signed checkpoints. For one thread, with the lock held. */
final class CheckpointFile implements Closeable {

    /** More than the longest note has, so that the last one is in it. */
    private static final int WINDOW = 256 * 1024;

    /**
     * A checkpoint that was read or written.
     *
     * @param both whether it has the line of the second key; only a verification looks whether that is good
     */
    record Signed(TreeHead head, boolean both) {

        long size() {
            return head.size();
        }
    }

    /**
     * What has not been read before.
     *
     * @param heads whole checkpoints, in their order
     * @param torn what a crash left behind the last of them
     */
    record Unread(List<Signed> heads, byte[] torn) {}

    private final Disk disk;
    private final TrailKeys keys;
    private final OpenFile file;
    private long end;

    CheckpointFile(Layout layout, Disk disk, TrailKeys keys) throws IOException {
        this.disk = disk;
        this.keys = keys;
        this.file = OpenFile.open(disk, layout.checkpoints());
    }

    /** Goes to before the last two whole checkpoints, so that {@link #unread} gives these. */
    void goToLastTwo() throws IOException {
        long from = Math.max(0, file.channel().size() - WINDOW);
        NoteReader reader = reader(file.from(from, WINDOW), from);
        long last = -1;
        for (Read read = reader.next(); read != null; read = reader.next()) {
            if (read instanceof Read.Whole whole) {
                end = last < 0 ? whole.start() : last;
                last = whole.start();
            }
        }
    }

    Unread unread() throws IOException {
        long from = end;
        byte[] bytes = file.from(from, Integer.MAX_VALUE);
        NoteReader reader = reader(bytes, from);
        var heads = new ArrayList<Signed>();
        boolean malformed = false;
        for (Read read = reader.next(); read != null; read = reader.next()) {
            if (read instanceof Read.Whole whole) {
                if (malformed) {
                    throw ErrorCode.AUDIT_DAMAGED.because("a checkpoint before the last one is damaged");
                }
                Signed head = head(whole.note());
                if (!heads.isEmpty() && head.size() <= heads.getLast().size()) {
                    throw ErrorCode.AUDIT_DAMAGED.because("the checkpoints do not grow: the trail was set back");
                }
                heads.add(head);
                end = whole.end();
            } else {
                malformed = true;
            }
        }
        return new Unread(heads, Arrays.copyOfRange(bytes, (int) (end - from), bytes.length));
    }

    private Signed head(SignedNote note) {
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        if (checkpoint == null
                || !checkpoint.origin().equals(keys.origin())
                || !note.isSignedBy(keys.signer().first().first())) {
            throw ErrorCode.AUDIT_DAMAGED.because("a checkpoint is not signed with the key of this host");
        }
        return new Signed(checkpoint.head(), note.hasPostQuantumLine(keys.origin()));
    }

    /** Signs a head with both keys and appends it; ends the file behind it. */
    Signed append(TreeHead head) throws IOException {
        String note = keys.signer().sign(new Checkpoint(keys.origin(), head).text()) + "\n";
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        disk.append(file.channel(), end, bytes);
        end += bytes.length;
        return new Signed(head, true);
    }

    private static NoteReader reader(byte[] bytes, long from) {
        return new NoteReader(new ByteArrayInputStream(bytes), from);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
