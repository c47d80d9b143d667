package org.medbackup.testkit;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;

/** Has room for so many bytes of buffers, and lets everything else pass. Safe for use by several threads. */
public final class FewBuffers implements Throttle {

    private final int most;
    private final Semaphore room;
    private int taken;
    private int fullest;

    /** Room for so many bytes, at most 2^31. */
    public FewBuffers(int bytes) {
        this.most = bytes;
        this.room = new Semaphore(bytes, true);
    }

    /** What is taken and was not given back. */
    public int taken() {
        return most - room.availablePermits();
    }

    /** The most that was ever taken at a time. */
    public synchronized int fullest() {
        return fullest;
    }

    @Override
    public Permit acquire(Demand demand) {
        return Throttle.none().acquire(demand);
    }

    @Override
    public Room room(long bytes) {
        requirePossible(bytes);
        try {
            if (!room.tryAcquire((int) bytes, 30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody gives memory back");
            }
            return granted((int) bytes);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted", interrupted);
        }
    }

    @Override
    public @Nullable Room roomNow(long bytes) {
        requirePossible(bytes);
        return room.tryAcquire((int) bytes) ? granted((int) bytes) : null;
    }

    private void requirePossible(long bytes) {
        if (bytes > most) {
            throw ErrorCode.MEMORY_TOO_SMALL.because("a buffer of " + bytes + " bytes of " + most);
        }
    }

    private synchronized Room granted(int bytes) {
        taken += bytes;
        fullest = Math.max(fullest, taken);
        return new Room() {
            private boolean closed;

            @Override
            public boolean isWanted() {
                // As if somebody always did: what is not used is given back.
                return true;
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    giveBack(bytes);
                }
            }
        };
    }

    private synchronized void giveBack(int bytes) {
        taken -= bytes;
        room.release(bytes);
    }
}
