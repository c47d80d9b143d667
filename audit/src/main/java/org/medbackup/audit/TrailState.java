package org.medbackup.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.CheckpointFile.Signed;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.TileFiles;
import org.medbackup.audit.merkle.GrowingTree;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;

/**
 * The trail as far as this process has read and written it. Each use begins with {@link #catchUp}, because other
 * processes append too. After any exception it must be read anew. For one thread, with the lock held.
 */
final class TrailState implements Closeable {

    /** What a state is made of. */
    record Parts(Layout layout, Disk disk, TrailKeys keys, TimeSource time, Entropy entropy) {}

    private static final String ENTRIES = "entries";
    private static final String CHECKPOINTS = "checkpoints";

    private final Parts parts;
    private final Records records;
    private final CheckpointFile checkpoints;
    private final EntryFiles entries;
    private final GrowingTree tree;
    private final Deque<Signed> unchecked = new ArrayDeque<>();
    private Signed signed = new Signed(TreeHead.EMPTY, false);
    private byte[] before;

    private TrailState(Parts parts, CheckpointFile checkpoints, Signed last) throws IOException {
        this.parts = parts;
        this.records = new Records(parts.keys());
        this.checkpoints = checkpoints;
        this.entries = new EntryFiles(parts.layout(), parts.disk(), last.size() / Layout.BUNDLE);
        this.tree = new TileFiles(parts.layout(), parts.disk()).resume(entries.number() * Layout.BUNDLE);
        this.before = tree.root().bytes();
        unchecked.add(last);
    }

    /**
     * Reads what is needed to append: the last checkpoint, the tiles that its tree is made of, and the entries from its
     * bundle on. They must fit.
     *
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#AUDIT_DAMAGED} where they do not
     */
    static TrailState load(Parts parts) throws IOException {
        var checkpoints = new CheckpointFile(parts.layout(), parts.disk(), parts.keys());
        try {
            checkpoints.goToLastTwo();
            CheckpointFile.Unread unread = checkpoints.unread();
            if (unread.heads().isEmpty()) {
                return begin(parts, checkpoints);
            }
            return caughtUp(new TrailState(parts, checkpoints, unread.heads().getLast()));
        } catch (IOException | RuntimeException failed) {
            checkpoints.close();
            throw failed;
        }
    }

    private static TrailState caughtUp(TrailState state) throws IOException {
        try {
            state.catchUp();
            state.tellOfForgottenEvidence();
            return state;
        } catch (IOException | RuntimeException failed) {
            state.close();
            throw failed;
        }
    }

    /** Even an empty trail has a checkpoint, so that a trail without one is seen to be damaged. */
    private static TrailState begin(Parts parts, CheckpointFile checkpoints) throws IOException {
        var state = new TrailState(parts, checkpoints, new Signed(TreeHead.EMPTY, true));
        if (state.entries.exists(0)) {
            throw ErrorCode.AUDIT_DAMAGED.because("there are entries but no checkpoint");
        }
        checkpoints.append(TreeHead.EMPTY);
        state.settle();
        return state;
    }

    TreeHead head() {
        return tree.head();
    }

    /** Reads what other processes appended, and mends what a killed one left. */
    void catchUp() throws IOException {
        CheckpointFile.Unread unread = checkpoints.unread();
        unchecked.addAll(unread.heads());
        byte[] torn = readEntries();
        if (!unchecked.isEmpty()) {
            throw ErrorCode.AUDIT_DAMAGED.because("a checkpoint claims entries that are not there");
        }
        if (torn.length > 0) {
            recover(ENTRIES, torn);
        }
        if (unread.torn().length > 0) {
            recover(CHECKPOINTS, unread.torn());
        }
        if (torn.length + unread.torn().length > 0) {
            sign();
        }
    }

    /** Returns what stands behind the last whole entry. */
    private byte[] readEntries() throws IOException {
        while (true) {
            byte[] bytes = entries.unread();
            int whole = 0;
            for (Frame frame : Bundle.scan(bytes).leading()) {
                take(frame);
                whole += frame.length();
            }
            settle();
            entries.skip(whole);
            boolean full = tree.size() / Layout.BUNDLE > entries.number();
            boolean torn = whole < bytes.length;
            if ((full && torn) || (!full && entries.exists(entries.number() + 1))) {
                throw ErrorCode.AUDIT_DAMAGED.because("a file of entries does not have its 256 entries");
            }
            if (!full) {
                return Arrays.copyOfRange(bytes, whole, bytes.length);
            }
            entries.next();
        }
    }

    private void take(Frame frame) {
        settle();
        Hash leaf = frame.leaf();
        boolean belongs = tree.size() / Layout.BUNDLE == entries.number();
        if (!belongs || !MessageDigest.isEqual(frame.tag(), parts.keys().tag(before, leaf))) {
            throw ErrorCode.AUDIT_DAMAGED.because(
                    "entry " + tree.size() + " was not written with the key of this host");
        }
        advance(frame, leaf);
    }

    private void advance(Frame frame, Hash leaf) {
        tree.add(leaf);
        before = tree.size() % Layout.BUNDLE == 0 ? tree.root().bytes() : frame.tag();
    }

    /** Compares the checkpoints of the size that the tree has now. */
    private void settle() {
        for (Signed next = unchecked.peek(); next != null && next.size() <= tree.size(); next = unchecked.peek()) {
            if (!next.head().equals(tree.head())) {
                throw ErrorCode.AUDIT_DAMAGED.because("the checkpoint at " + next.size() + " does not fit the entries");
            }
            signed = next;
            unchecked.remove();
        }
    }

    /**
     * Keeps the torn bytes as evidence and says so in an entry, whose write also ends the file behind the last whole
     * entry. A crash in between leaves the bytes where they were, and the next open begins anew.
     */
    private void recover(String kind, byte[] torn) throws IOException {
        Layout layout = parts.layout();
        parts.disk().writeWhole(layout.unfinished(), layout.torn(tree.size(), kind), torn);
        tell(kind, torn);
    }

    private void tell(String kind, byte[] torn) throws IOException {
        var recovery = new Records.Recovery(
                parts.time().now(),
                HexFormat.of().formatHex(parts.entropy().bytes(8)),
                kind,
                torn.length,
                Evidence.sha256(torn));
        var chunk = new Chunk();
        chunk.add(records.of(recovery, chunk.index, chunk.previous()));
        chunk.write();
    }

    /** A full disk may have kept a recovery from being told after the torn bytes had been kept and cut off. */
    private void tellOfForgottenEvidence() throws IOException {
        for (String kind : List.of(ENTRIES, CHECKPOINTS)) {
            Path kept = parts.layout().torn(tree.size(), kind);
            if (Files.exists(kept)) {
                tell(kind, Bundle.bytes(kept));
                sign();
            }
        }
    }

    /** Appends the events that can be recorded; those that cannot are answered here. Durable on return. */
    void append(List<GroupCommit.Waiting> batch) throws IOException {
        boolean ended = false;
        var chunk = new Chunk();
        for (GroupCommit.Waiting waiting : batch) {
            try {
                chunk.add(records.of(waiting.what(), chunk.index, chunk.previous()));
            } catch (BackupException | IllegalArgumentException unfit) {
                waiting.done().completeExceptionally(unfit);
                continue;
            }
            ended |= isToBeSigned(waiting.what());
            if (chunk.index % Layout.BUNDLE == 0) {
                chunk.write();
                sign();
                chunk = new Chunk();
            }
        }
        chunk.write();
        if (ended) {
            sign();
        }
    }

    private static boolean isToBeSigned(Recorded what) {
        return switch (what) {
            case Recorded.Event event -> event.event() instanceof BackupEvent.Ended;
            case Recorded.Late _, Recorded.TakenUp _ -> true;
        };
    }

    /** Signs the head, where it has grown since the last checkpoint. */
    void sign() throws IOException {
        if (signed.size() < tree.size()) {
            signed = checkpoints.append(tree.head());
        }
    }

    /** Entries that are written at once, all into one bundle. */
    private final class Chunk {
        private final List<Frame> frames = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private byte[] tag = before;
        private long index = tree.size();

        /** The checkpoint that the next entry must name. */
        @Nullable
        Signed previous() {
            return signed.size() == index ? signed : null;
        }

        void add(byte[] record) {
            tag = parts.keys().tag(tag, Hash.leaf(record));
            var frame = new Frame(record, tag);
            frames.add(frame);
            bytes.writeBytes(frame.encode());
            index++;
        }

        void write() throws IOException {
            if (frames.isEmpty()) {
                return;
            }
            entries.append(bytes.toByteArray());
            for (Frame frame : frames) {
                advance(frame, frame.leaf());
            }
            if (tree.size() % Layout.BUNDLE == 0) {
                entries.next();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (checkpoints;
                entries) {
            unchecked.clear();
        }
    }
}
