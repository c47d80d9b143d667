package org.medbackup.governor;

import org.jspecify.annotations.Nullable;

/**
 * The fence behind the budget of processor time, where there is one: it has the same limit, but while something of
 * production stands still for this process there is none. Safe for use by several threads.
 */
final class CpuFence implements AutoCloseable {

    private @Nullable ProcessorFence fence;
    private long limit = Limits.NONE;
    private long told = Limits.NONE;
    private int lifted;
    private boolean closed;

    /**
     * From now on there is one, but where this was closed meanwhile.
     *
     * @throws IllegalStateException where there is one already
     */
    synchronized void put(ProcessorFence made) {
        if (closed) {
            made.close();
            return;
        }
        if (fence != null) {
            throw new IllegalStateException("there is a fence");
        }
        fence = made;
        told = Limits.NONE;
        if (lifted > 0) {
            made.background(false);
        }
        tell();
    }

    /** Nanoseconds a second. With 0 everything that asks stands still; what is left is what lets somebody ask for more. */
    synchronized void limit(long nanos) {
        limit = nanos == 0 ? Limits.NONE : nanos;
        tell();
    }

    /** There is none until {@link #lower} was called as often. */
    synchronized void lift() {
        if (lifted++ == 0 && fence != null) {
            fence.background(false);
        }
        tell();
    }

    /** Takes back one {@link #lift}. */
    synchronized void lower() {
        if (--lifted == 0 && fence != null) {
            fence.background(true);
        }
        tell();
    }

    private void tell() {
        long now = lifted > 0 ? Limits.NONE : limit;
        if (fence != null && now != told) {
            fence.limit(now);
            told = now;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (fence != null) {
            fence.close();
            fence = null;
        }
    }
}
