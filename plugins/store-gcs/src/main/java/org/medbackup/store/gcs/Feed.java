package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.store.common.PulledContent;

/**
 * A content that is read piece after piece, without a copy of it in memory. Where a piece is to begin elsewhere than the last
 * one ended, the content is written anew and passed over up to there. Pieces are read one after the other, by any thread.
 */
final class Feed implements AutoCloseable {

    private final ObjectContent content;
    private @Nullable Source source;

    Feed(ObjectContent content) {
        this.content = content;
    }

    /**
     * What a request carries of the content.
     *
     * @param from where it begins, in bytes
     * @param length of it
     */
    Body piece(long from, int length) {
        return new Body(length, () -> open(from, length));
    }

    private synchronized InputStream open(long from, int length) {
        Source current = source;
        if (current == null || current.position.get() != from) {
            rewind();
            current = new Source(content);
            source = current;
        }
        return new Piece(current, from, length);
    }

    /** The next piece begins anew, since nobody knows how far the last one was read. */
    synchronized void rewind() {
        Source current = source;
        source = null;
        if (current != null) {
            current.end();
        }
    }

    @Override
    public void close() {
        rewind();
    }

    private static final class Source {

        private final PulledContent stream;
        private final AtomicLong position = new AtomicLong();

        Source(ObjectContent content) {
            stream = new PulledContent(content);
        }

        int read(byte[] target, int offset, int length) throws IOException {
            int got = stream.read(target, offset, length);
            position.addAndGet(Math.max(got, 0));
            return got;
        }

        void reach(long from) throws IOException {
            if (position.get() >= from) {
                return;
            }
            var passed = new byte[64 * 1024];
            for (long left = from - position.get(); left > 0; left = from - position.get()) {
                if (read(passed, 0, (int) Math.min(passed.length, left)) < 0) {
                    throw new EOFException("the content is shorter than it was");
                }
            }
        }

        void end() {
            stream.close();
        }
    }

    /** Closing it leaves the content open for the next piece. */
    private static final class Piece extends InputStream {

        private final Source source;
        private final long from;
        private int left;

        Piece(Source source, long from, int length) {
            this.source = source;
            this.from = from;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            source.reach(from);
            int got = source.read(target, offset, Math.min(length, left));
            left -= Math.max(got, 0);
            return got;
        }
    }
}
