package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies ranges between open files: by copy_file_range (Linux 4.5), which shares the blocks on XFS and Btrfs where the
 * range is made of whole ones and copies in the kernel elsewhere, or by reading and writing where that is not to be had.
 */
public final class Copies {

    private static final int PIECE = 1 << 20;
    /** The kernel takes no more at once; rounded down to whole blocks (MAX_RW_COUNT). */
    private static final long MOST = 1L << 30;

    private Copies() {}

    /**
     * Copies a range to the same place in another file.
     *
     * @param offset where it begins in both
     * @param length of it
     * @return how many bytes were there to be copied
     */
    public static long range(Fd source, Fd target, long offset, long length) {
        long block = Math.max(1, FileSystems.of(target).blockSize());
        long end = offset + length;
        long firstWhole = Math.min(end, (offset + block - 1) / block * block);
        long lastWhole = Math.max(firstWhole, end / block * block);
        // Whole blocks for themselves: a range with ragged ends would not be shared at all.
        long done = part(source, target, offset, firstWhole - offset);
        done += part(source, target, firstWhole, lastWhole - firstWhole);
        return done + part(source, target, lastWhole, end - lastWhole);
    }

    private static long part(Fd source, Fd target, long offset, long length) {
        long done = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = arena.allocate(16, 8);
            while (done < length) {
                long copied = inKernel(source, target, offset + done, Math.min(MOST, length - done), places);
                if (copied < 0) {
                    return done + byHand(source, target, offset + done, length - done, arena);
                }
                if (copied == 0) {
                    return done;
                }
                done += copied;
            }
        }
        return done;
    }

    /** Bytes copied, -1 where it has to be done by hand. */
    private static long inKernel(Fd source, Fd target, long offset, long length, MemorySegment places) {
        Native memory = Native.get();
        places.set(JAVA_LONG, 0, offset);
        places.set(JAVA_LONG, 8, offset);
        long copied;
        try {
            copied = Refusals.has("copy_file_range", memory)
                    ? -1
                    : (long) Libc.SYSCALL_COPY.invokeExact(
                            memory.state,
                            Abi.OWN.copyFileRange(),
                            (long) source.number,
                            places.asSlice(0, 8),
                            (long) target.number,
                            places.asSlice(8, 8),
                            length,
                            0L);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        if (copied >= 0) {
            return copied;
        }
        return switch (Errno.of(memory.errno())) {
            case ENOSYS, EINVAL, EXDEV, EOPNOTSUPP, EPERM, EINTR -> -1;
            default -> throw memory.failed("copy_file_range");
        };
    }

    private static long byHand(Fd source, Fd target, long offset, long length, Arena arena) {
        MemorySegment piece = arena.allocate(Math.min(PIECE, length));
        long done = 0;
        while (done < length) {
            MemorySegment wanted = piece.asSlice(0, Math.min(piece.byteSize(), length - done));
            long got = source.read(wanted, offset + done);
            target.write(wanted.asSlice(0, got), offset + done);
            done += got;
            if (got < wanted.byteSize()) {
                break;
            }
        }
        return done;
    }
}
