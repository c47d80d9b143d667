package org.medbackup.governor.internal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.error.ErrorCode;

/**
 * Words in a file that several processes have mapped. Everybody changes a copy of his own, writes it into one of his two
 * places in the file, and lets the file's head point there, if it still points where the copy was made. So whoever dies at
 * any point leaves the words whole and nothing locked, and one that is stopped holds up nobody.
 *
 * <p>The first word says how many are in use; the rest is not copied. A file of zeros is a valid one. Not safe for use by several threads.
 */
final class SharedWords implements AutoCloseable {

    private static final VarHandle HEAD = ValueLayout.JAVA_LONG.varHandle();
    private static final long HEAD_AT = 64;
    private static final long FIRST_PLACE = 4096;
    /** The head's low bits are a place, the others count changes. */
    private static final int PLACE_BITS = 16;

    /** A process has one lock on a file, whoever of it takes it. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int words;
    private final int owners;
    private long known;
    private boolean isKnown;
    private int owner;

    private SharedWords(FileChannel channel, int words, int owners) throws IOException {
        this.channel = channel;
        this.words = words;
        this.owners = owners;
        this.owner = owners;
        this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, place(2 * (owners + 1)), arena);
    }

    /**
     * Opens a file, or makes it.
     *
     * @param words how many are shared
     * @param owners how many may write at once, beside one that joins
     */
    static SharedWords open(Path file, int words, int owners) {
        try {
            var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            FileChannel channel = FileChannel.open(file, Set.of(CREATE, READ, WRITE), mode);
            try {
                return new SharedWords(channel, words, owners);
            } catch (IOException | RuntimeException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static RuntimeException unusable(IOException failed) {
        return ErrorCode.STATE_UNUSABLE.because("limits cannot be shared by a file in it", failed);
    }

    private long place(int number) {
        return FIRST_PLACE + (long) number * words * Long.BYTES;
    }

    /** While this runs nobody else joins; whoever dies meanwhile lets the next one. It writes as one that has no number. */
    void joining(Runnable work) {
        IN_THIS_PROCESS.lock();
        try (FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock was lost");
            }
            owner = owners;
            reserve();
            work.run();
        } catch (IOException failed) {
            throw unusable(failed);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** From now on it writes as one of the owners. Called while joining. */
    void writeAs(int number) {
        owner = number;
        try {
            reserve();
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Takes the space on the disk, so that a full one is met here, and not as a fault while something is written. */
    private void reserve() throws IOException {
        int free = freePlace(head());
        channel.write(ByteBuffer.allocate(words * Long.BYTES), place(free));
        int other = free ^ 1;
        if (other != placeOf(head())) {
            channel.write(ByteBuffer.allocate(words * Long.BYTES), place(other));
        }
    }

    private long head() {
        return (long) HEAD.getVolatile(memory, HEAD_AT);
    }

    private static int placeOf(long head) {
        return (int) (head & (1 << PLACE_BITS) - 1);
    }

    /** One of the own two places: that to which the head does not point. */
    private int freePlace(long head) {
        int first = 2 * owner;
        return placeOf(head) == first ? first + 1 : first;
    }

    private int used(long first) {
        return Math.clamp(first, 1, words);
    }

    /** Reads what stands there now, where it is not what was read or written last. */
    void read(long[] into) {
        long head = head();
        while (!isKnown || head != known) {
            long place = place(placeOf(head));
            int used = used(memory.get(ValueLayout.JAVA_LONG, place));
            MemorySegment.copy(memory, ValueLayout.JAVA_LONG, place, into, 0, used);
            VarHandle.fullFence();
            long after = head();
            isKnown = after == head;
            known = head;
            head = after;
        }
    }

    /**
     * Writes, if nobody has written since the last reading.
     *
     * @return false where somebody has; the next reading gives what he wrote
     */
    boolean write(long[] from) {
        int free = freePlace(known);
        MemorySegment.copy(from, 0, memory, ValueLayout.JAVA_LONG, place(free), used(from[0]));
        long next = ((known >>> PLACE_BITS) + 1) << PLACE_BITS | free;
        isKnown = HEAD.compareAndSet(memory, HEAD_AT, known, next);
        VarHandle.fullFence();
        if (isKnown) {
            known = next;
        }
        return isKnown;
    }

    @Override
    public void close() {
        IN_THIS_PROCESS.lock();
        try {
            arena.close();
            channel.close();
        } catch (IOException failed) {
            throw unusable(failed);
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }
}
