package org.medbackup.engine.internal.backup;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Room;
import org.medbackup.linux.NativeMemory;

/**
 * Memory for packs that are being filled or stored, used again and again unless somebody else waits for it. Safe for use by
 * several threads.
 */
final class PackMemory implements AutoCloseable {

    /** So often is looked whether another job has given memory back. */
    private static final long LOOK_MILLIS = 20;

    private final Throttle throttle;
    private final long packLength;
    private final Deque<Held> free = new ArrayDeque<>();
    private final Map<Long, Held> lent = new HashMap<>();
    private final Semaphore returned = new Semaphore(0);

    private record Held(NativeMemory memory, Room room) {

        void close() {
            memory.close();
            room.close();
        }
    }

    /** Memory within what a throttle has room for. */
    PackMemory(Throttle throttle, long packLength) {
        this.throttle = throttle;
        this.packLength = packLength;
    }

    /** Memory for a pack; null where there is no room now. */
    synchronized @Nullable MemorySegment takeNow() {
        Held held = free.poll();
        if (held == null) {
            Room room = throttle.roomNow(packLength);
            if (room == null) {
                return null;
            }
            held = allocate(room);
        }
        lent.put(held.memory.segment().address(), held);
        return held.memory.segment();
    }

    private Held allocate(Room room) {
        try {
            return new Held(NativeMemory.allocate(packLength), room);
        } catch (RuntimeException failed) {
            room.close();
            throw failed;
        }
    }

    /** Waits until some is given back here, and no longer than a moment: another job may give some back too. */
    void await() {
        try {
            boolean _ = returned.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for memory", interrupted);
        }
    }

    synchronized void giveBack(MemorySegment segment) {
        Held held = lent.remove(segment.address());
        if (held != null) {
            if (held.room.isWanted()) {
                held.close();
            } else {
                free.push(held);
            }
            returned.release();
        }
    }

    /** Gives all memory back to the system, what is lent included: nobody works any more. */
    @Override
    public synchronized void close() {
        free.forEach(Held::close);
        lent.values().forEach(Held::close);
        free.clear();
        lent.clear();
    }
}
