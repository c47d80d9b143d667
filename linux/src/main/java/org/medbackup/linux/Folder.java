package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The names in a folder, sorted by their bytes. Kept in one array: a folder of a million entries takes about 30 MB.
 *
 * <p>Immutable.
 */
public final class Folder {

    private static final int BUFFER = 64 * 1024;
    private static final ThreadLocal<MemorySegment> BUFFERS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BUFFER, 8));

    private final byte[] names;
    private final int[] starts;
    private final int[] order;

    private Folder(byte[] names, int[] starts, int count) {
        this.names = names;
        this.starts = starts;
        this.order = sorted(count);
    }

    /** Reads the names of an open folder, without {@code .} and {@code ..}; the folder must not have been read before. */
    public static Folder read(Fd folder) {
        Native memory = Native.get();
        MemorySegment buffer = BUFFERS.get();
        var names = new byte[4096];
        var starts = new int[129];
        int used = 0;
        int count = 0;
        while (true) {
            long filled;
            try {
                filled = memory.check("getdents64", (long) Libc.SYSCALL3.invokeExact(
                        memory.state, Abi.OWN.getdents64(), (long) folder.number, buffer, (long) BUFFER));
            } catch (Throwable failure) {
                throw Native.unexpected(failure);
            }
            if (filled == 0) {
                return new Folder(names, starts, count);
            }
            for (long at = 0; at < filled; ) {
                int record = buffer.get(JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
                int length = length(buffer, at + 19);
                if (!isDots(buffer, at + 19, length)) {
                    names = room(names, used + length);
                    MemorySegment.copy(buffer, JAVA_BYTE, at + 19, names, used, length);
                    used += length;
                    count++;
                    starts = count + 1 > starts.length ? Arrays.copyOf(starts, starts.length * 2) : starts;
                    starts[count] = used;
                }
                at += record;
            }
        }
    }

    private static int length(MemorySegment buffer, long start) {
        long at = start;
        while (true) {
            long word = at + 8 <= BUFFER ? buffer.get(JAVA_LONG_UNALIGNED, at) : 0;
            long zeros = (word - 0x0101010101010101L) & ~word & 0x8080808080808080L;
            if (zeros != 0) {
                for (long end = at; ; end++) {
                    if (buffer.get(JAVA_BYTE, end) == 0) {
                        return (int) (end - start);
                    }
                }
            }
            at += 8;
        }
    }

    private static boolean isDots(MemorySegment buffer, long at, int length) {
        return length <= 2 && buffer.get(JAVA_BYTE, at) == '.' && (length == 1 || buffer.get(JAVA_BYTE, at + 1) == '.');
    }

    private static byte[] room(byte[] names, int needed) {
        return needed <= names.length ? names : Arrays.copyOf(names, Math.max(needed, names.length * 2));
    }

    /** How many names there are. */
    public int size() {
        return order.length;
    }

    /** The name at a place in the sorted order. */
    public byte[] name(int place) {
        int entry = order[place];
        return Arrays.copyOfRange(names, starts[entry], starts[entry + 1]);
    }

    private int[] sorted(int count) {
        var from = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = i;
        }
        var scratch = new int[count];
        // Bottom-up merging: no recursion, no objects, O(n log n) whatever order the file system returns.
        for (int width = 1; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                merge(from, scratch, low, Math.min(low + width, count), Math.min(low + 2 * width, count));
            }
            int[] swap = from;
            from = scratch;
            scratch = swap;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int low, int middle, int high) {
        int left = low;
        int right = middle;
        for (int at = low; at < high; at++) {
            boolean takeLeft = left < middle && (right >= high || compare(from[left], from[right]) <= 0);
            to[at] = takeLeft ? from[left++] : from[right++];
        }
    }

    private int compare(int a, int b) {
        return Arrays.compareUnsigned(names, starts[a], starts[a + 1], names, starts[b], starts[b + 1]);
    }
}
