package org.medbackup.store.common;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectContent;

/**
 * Content that writes itself, as a stream to be read, without a copy of it in memory: a virtual thread writes, and waits
 * until what it wrote has been read. The stream must be closed, which ends the thread.
 */
public final class PulledContent extends InputStream {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread writer;
    private @Nullable ByteBuffer offered;
    private @Nullable Throwable failure;
    private boolean written;
    private boolean closed;

    /** Begins to write a content, which waits to be read. */
    public PulledContent(ObjectContent content) {
        writer = Thread.ofVirtual().name("store-put").start(() -> write(content));
    }

    private void write(ObjectContent content) {
        Throwable failed = null;
        try {
            content.writeTo(new Offering());
        } catch (IOException | RuntimeException broken) {
            failed = broken;
        }
        lock.lock();
        try {
            failure = failed;
            written = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Offering implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            lock.lock();
            try {
                offered = source;
                changed.signalAll();
                while (source.hasRemaining() && !closed) {
                    changed.awaitUninterruptibly();
                }
                offered = null;
                if (closed) {
                    throw new ClosedChannelException();
                }
                return length;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        lock.lock();
        try {
            while (true) {
                ByteBuffer source = offered;
                if (closed) {
                    throw new IOException("the content is closed");
                }
                if (length == 0) {
                    return 0;
                }
                if (source != null && source.hasRemaining()) {
                    int part = Math.min(length, source.remaining());
                    source.get(target, offset, part);
                    if (!source.hasRemaining()) {
                        changed.signalAll();
                    }
                    return part;
                }
                if (written) {
                    if (failure != null) {
                        throw new IOException("the content could not be written", failure);
                    }
                    return -1;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Returns when the thread has ended, since whoever gave the content may reuse its memory then. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
