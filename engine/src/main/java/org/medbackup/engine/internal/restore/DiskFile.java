package org.medbackup.engine.internal.restore;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.tree.Content;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.linux.Copies;
import org.medbackup.linux.Entries;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/** One file on its way to the target. Safe for use by several threads. */
final class DiskFile implements FileSink.Target {

    private static final long RESERVED_FROM = 1 << 20;
    private static final int PIECE = 1 << 20;
    private static final ThreadLocal<MemorySegment> PIECES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PIECE, 4096));

    private final DiskSink sink;
    private final OpenFiles.Slot slot;
    private final PathBytes path;
    private final PathBytes temporary;
    private final Node node;
    private final List<Present> present;
    private final KeptRuns ofToday = new KeptRuns();
    /** Bytes that an earlier restore has brought, which broke. */
    private final LongAdder ofBefore = new LongAdder();

    private final boolean taken;
    private final boolean shared;
    private boolean begun;
    private volatile boolean changed;

    /**
     * A file to be written.
     *
     * @param present what may hold a part of it: what an earlier restore began, then the file of today
     * @param begun whether the temporary file is there, and is gone on with
     * @param taken whether something that may be replaced stands in its place
     * @param shared whether what stands there has names that are not this file's, so that it must not be changed
     */
    DiskFile(
            DiskSink sink,
            OpenFiles.Slot slot,
            PathBytes path,
            PathBytes temporary,
            Node node,
            List<Present> present,
            boolean begun,
            boolean taken,
            boolean shared) {
        this.sink = sink;
        this.slot = slot;
        this.path = path;
        this.temporary = temporary;
        this.node = node;
        this.present = present;
        this.begun = begun;
        this.taken = taken;
        this.shared = shared;
    }

    @Override
    public boolean mayKeep() {
        return !present.isEmpty();
    }

    @Override
    public List<FileSink.Kept> keep(List<Extent> extents) {
        var kept = new ArrayList<FileSink.Kept>();
        List<Extent> left = extents;
        for (Present each : present) {
            left = keep(each, left, kept);
        }
        return kept;
    }

    /** Those that this one does not have either. */
    private List<Extent> keep(Present from, List<Extent> extents, List<FileSink.Kept> kept) {
        var left = new ArrayList<Extent>();
        try (Fd file = from.open()) {
            for (Extent extent : extents) {
                Integer crc = from.crcOf(file, extent);
                if (crc == null) {
                    left.add(extent);
                } else {
                    kept.add(new FileSink.Kept(extent, crc));
                    note(from, extent);
                }
            }
            return left;
        } catch (LinuxException unreadable) {
            // What cannot be opened is not there.
            return extents;
        }
    }

    private void note(Present from, Extent extent) {
        if (from.isFinal()) {
            ofToday.add(extent);
        } else {
            changed = true;
            ofBefore.add(extent.length());
        }
    }

    @Override
    public void write(long fileOffset, byte[] bytes, int offset, int length) {
        changed = true;
        try {
            Fd file = slot.acquire(this::open);
            try {
                MemorySegment piece = PIECES.get();
                for (int done = 0; done < length; ) {
                    var demand = Throttle.Demand.of(Throttle.Resource.DISK_WRITE, Math.min(PIECE, length - done));
                    try (Throttle.Permit permit = sink.throttle().acquire(demand)) {
                        int count = (int) permit.amount();
                        MemorySegment.copy(bytes, offset + done, piece, JAVA_BYTE, 0, count);
                        file.write(piece.asSlice(0, count), fileOffset + done);
                        permit.commit(count);
                        done += count;
                    }
                }
            } finally {
                slot.release();
            }
        } catch (LinuxException failure) {
            throw failure.toBackupException();
        }
    }

    /** Called by one thread at a time. */
    private Fd open() {
        if (begun) {
            return sink.tree().openFile(temporary, Fd.WRITE, 0);
        }
        Fd file = create();
        begun = true;
        // What is going to be copied may share its blocks, and then needs no room.
        if (node.size() >= RESERVED_FROM && ofToday.bytes() == 0 && isDense()) {
            file.reserve(node.size());
        }
        return file;
    }

    private Fd create() {
        int flags = Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE;
        try {
            return sink.tree().openFile(temporary, flags, 0600);
        } catch (LinuxException failure) {
            if (!failure.is(Errno.EEXIST)) {
                throw failure;
            }
        }
        // Of an earlier restore that was killed and is not gone on with.
        try (Fd folder = sink.tree().openFolder(path.parent())) {
            Entries.remove(folder, temporary.name().bytes());
        }
        return sink.tree().openFile(temporary, flags, 0600);
    }

    private boolean isDense() {
        return switch (node.content()) {
            case Content.Inline inline ->
                inline.extents().stream().mapToLong(Extent::length).sum() == node.size();
            case Content.Paged _ -> false;
        };
    }

    @Override
    public long complete() {
        try {
            Optional<Present> today = present.stream().filter(Present::isFinal).findFirst();
            if (!changed && !shared && today.isPresent() && isWhole(today.get())) {
                abandon();
                return 0;
            }
            if (taken && !sink.replaces()) {
                throw DiskSink.inTheWay();
            }
            Fd file = slot.acquire(this::open);
            try {
                if (today.isPresent()) {
                    copy(today.get(), file);
                }
                if (file.status().size() != node.size()) {
                    file.truncate(node.size());
                }
                sink.attributes().set(file, path, node.decodedAttributes());
                if (taken) {
                    file.syncData();
                }
            } finally {
                slot.release();
            }
            slot.forget();
            name();
            return node.size() - ofToday.bytes() - ofBefore.sum();
        } catch (LinuxException failure) {
            throw failure.toBackupException();
        }
    }

    /** Whether the file of today is the one to restore already; then only its attributes are set. */
    private boolean isWhole(Present today) {
        if (today.seen().size() != node.size()) {
            return false;
        }
        try (Fd file = today.open()) {
            if (!today.isUnchanged(file)
                    || !ofToday.isZeroBetween(node.size(), (from, to) -> today.isZero(file, from, to))) {
                return false;
            }
            sink.attributes().set(file, path, node.decodedAttributes());
            return true;
        }
    }

    private void copy(Present today, Fd file) {
        if (ofToday.bytes() == 0) {
            return;
        }
        try (Fd source = today.open()) {
            ofToday.each((from, to) -> {
                long at = from;
                while (at < to) {
                    // Up to the next multiple, so that no piece but the first and the last has ragged ends.
                    long most = Math.min(PIECE - at % PIECE, to - at);
                    var demand = Throttle.Demand.of(Throttle.Resource.DISK_WRITE, most);
                    try (Throttle.Permit permit = sink.throttle().acquire(demand)) {
                        long count = permit.amount();
                        Copies.range(source, file, at, count);
                        permit.commit(count);
                        at += count;
                    }
                }
            });
            if (!today.isUnchanged(source)) {
                throw ErrorCode.TARGET_UNUSABLE.because("the file is in use: it was changed while it was restored");
            }
        }
    }

    /** Gives it its own name. */
    private void name() {
        try (Fd folder = sink.tree().openFolder(path.parent())) {
            byte[] from = temporary.name().bytes();
            byte[] to = path.name().bytes();
            if (sink.replaces()) {
                Entries.rename(folder, from, folder, to);
            } else {
                Entries.renameNew(folder, from, folder, to);
            }
        } catch (LinuxException failure) {
            throw failure.is(Errno.EEXIST) ? DiskSink.inTheWay() : failure.toBackupException();
        }
    }

    @Override
    public void abandon() {
        slot.forget();
        if (!begun) {
            return;
        }
        try (Fd folder = sink.tree().openFolder(path.parent())) {
            Entries.remove(folder, temporary.name().bytes());
        } catch (LinuxException leftThere) {
            // It is reported as failed in any case.
        }
    }
}
