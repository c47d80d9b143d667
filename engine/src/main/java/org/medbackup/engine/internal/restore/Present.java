package org.medbackup.engine.internal.restore;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * A file at the target that may hold a part of what is to be restored. Contents decide: a run that is a whole chunk is
 * there when its bytes have the chunk's name. A run that is a part of a chunk has no name of its own; it is there when
 * length, time and CRC-32C of the whole file are those of the restore point. Safe for use by several threads.
 */
final class Present {

    private static final int PIECE = 1 << 20;
    /** No chunk is longer. */
    private static final long LONGEST = 8L << 20;
    /** Files below this length share a chunk with their neighbours. */
    private static final long SHARES_A_CHUNK = 256 * 1024;

    private static final ThreadLocal<MemorySegment> PIECES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(PIECE, 4096));

    private final Supplier<Fd> opening;
    private final FileStatus seen;
    private final Node node;
    private final boolean isFinal;
    private final Function<ChunkId, Optional<ChunkNamer>> namers;
    private final Throttle throttle;
    private @Nullable Boolean same;

    /**
     * A file that was met.
     *
     * @param opening opens it
     * @param seen what it was then
     * @param node what is to be restored
     * @param isFinal whether it stands under the name of the file, so that its CRC may speak for parts of chunks
     * @param namers names chunks as the one with this id was
     */
    Present(
            Supplier<Fd> opening,
            FileStatus seen,
            Node node,
            boolean isFinal,
            Function<ChunkId, Optional<ChunkNamer>> namers,
            Throttle throttle) {
        this.opening = opening;
        this.seen = seen;
        this.node = node;
        this.isFinal = isFinal;
        this.namers = namers;
        this.throttle = throttle;
    }

    Fd open() {
        return opening.get();
    }

    FileStatus seen() {
        return seen;
    }

    /** Whether it stands under the name of the file, and is not what an earlier restore began. */
    boolean isFinal() {
        return isFinal;
    }

    /** Whether it is still what it was when it was met. */
    boolean isUnchanged(Fd file) {
        FileStatus now = file.status();
        return now.inode() == seen.inode()
                && now.size() == seen.size()
                && now.modified().equals(seen.modified())
                && now.changed().equals(seen.changed());
    }

    /** CRC-32C of a run that it holds, null where it does not. */
    @Nullable
    Integer crcOf(Fd file, Extent extent) {
        if (extent.end() > seen.size() || extent.length() > LONGEST || isHole(file, extent)) {
            return null;
        }
        var bytes = new byte[(int) extent.length()];
        if (read(file, extent.fileOffset(), bytes, bytes.length) < bytes.length) {
            return null;
        }
        boolean there = extent.chunkOffset() == 0 && isChunk(extent.chunk(), bytes);
        if (!there && !(mayBeAPart(extent) && isSameFile(file))) {
            return null;
        }
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static boolean isHole(Fd file, Extent extent) {
        try {
            long data = file.seekData(extent.fileOffset());
            return data < 0 || data >= extent.end();
        } catch (LinuxException unreadable) {
            return true;
        }
    }

    private boolean isChunk(ChunkId id, byte[] bytes) {
        return namers.apply(id)
                .map(namer -> namer.name(bytes, 0, bytes.length).equals(id))
                .orElse(false);
    }

    private boolean mayBeAPart(Extent extent) {
        return isFinal && (extent.chunkOffset() > 0 || node.size() < SHARES_A_CHUNK || hasParts());
    }

    /** Whether it is cut on a grid, so that runs which begin a chunk may be parts of it too. */
    private boolean hasParts() {
        return node.content() instanceof org.medbackup.engine.internal.tree.Content.Inline inline
                && inline.extents().stream().anyMatch(extent -> extent.chunkOffset() > 0);
    }

    private synchronized boolean isSameFile(Fd file) {
        Boolean known = same;
        if (known == null) {
            boolean alike = seen.size() == node.size()
                    && seen.modified().equals(node.decodedAttributes().modified());
            known = alike && crc(file) == node.crc();
            same = known;
        }
        return known;
    }

    private int crc(Fd file) {
        int sum = 0;
        var bytes = new byte[PIECE];
        long at = 0;
        while (at < seen.size()) {
            long data = file.seekData(at);
            long hole = (data < 0 ? seen.size() : Math.min(data, seen.size())) - at;
            sum = Crc32cCombine.combine(sum, Crc32cCombine.zeros(hole), hole);
            at += hole;
            int wanted = (int) Math.min(PIECE, seen.size() - at);
            int got = wanted == 0 ? 0 : read(file, at, bytes, wanted);
            var crc = new CRC32C();
            crc.update(bytes, 0, got);
            sum = Crc32cCombine.combine(sum, (int) crc.getValue(), got);
            at += got;
            if (got < wanted) {
                break;
            }
        }
        return sum;
    }

    /** Whether a range reads as zeros. */
    boolean isZero(Fd file, long from, long to) {
        var bytes = new byte[(int) Math.min(PIECE, to - from)];
        long at = from;
        while (at < to) {
            long data = file.seekData(at);
            if (data < 0 || data >= to) {
                return true;
            }
            int wanted = (int) Math.min(bytes.length, to - data);
            int got = read(file, data, bytes, wanted);
            for (int i = 0; i < got; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            if (got < wanted) {
                return true;
            }
            at = data + got;
        }
        return true;
    }

    private int read(Fd file, long offset, byte[] bytes, int length) {
        MemorySegment piece = PIECES.get();
        int done = 0;
        while (done < length) {
            long wanted;
            long got;
            var demand = Throttle.Demand.of(Throttle.Resource.DISK_READ, Math.min(PIECE, length - done));
            try (Throttle.Permit permit = throttle.acquire(demand)) {
                wanted = permit.amount() < length - done
                        ? Throttle.toBlock(offset + done, permit.amount())
                        : permit.amount();
                got = file.readOnce(piece.asSlice(0, wanted), offset + done);
                permit.commit(got);
            } catch (LinuxException unreadable) {
                // What cannot be read is not there.
                return done;
            }
            MemorySegment.copy(piece, JAVA_BYTE, 0, bytes, done, (int) got);
            done += (int) got;
            if (got < wanted) {
                break;
            }
        }
        return done;
    }
}
