package org.medbackup.store.gcs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.store.common.PulledContent;

/** Content that goes in one request: summed up first, so that the target proves what arrives, then read once more. */
final class Whole implements AutoCloseable {

    /** Up to so much is held in memory; more is written again, by a thread of its own. */
    private static final int SMALL = 256 * 1024;

    private final ObjectContent content;
    private final List<InputStream> streams = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream small;
    private final String sum;

    Whole(ObjectContent content) {
        this.content = content;
        this.small = new ByteArrayOutputStream(content.length() <= SMALL ? (int) content.length() : 0);
        var summing = new Summing();
        try {
            content.writeTo(summing);
        } catch (IOException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content could not be read", failed);
        }
        if (summing.length != content.length()) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content is not as long as it says");
        }
        this.sum = Sums.text(summing.sum);
    }

    private final class Summing implements WritableByteChannel {

        private final CRC32C sum = new CRC32C();
        private final byte[] piece = new byte[8192];
        private long length;

        @Override
        public int write(ByteBuffer source) {
            int written = source.remaining();
            length += written;
            sum.update(source.duplicate());
            boolean isKept = content.length() <= SMALL && length <= SMALL;
            while (isKept && source.hasRemaining()) {
                int part = Math.min(piece.length, source.remaining());
                source.get(piece, 0, part);
                small.write(piece, 0, part);
            }
            source.position(source.limit());
            return written;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** What was summed up, in base 64. */
    String sum() {
        return sum;
    }

    Body body() {
        return content.length() <= SMALL
                ? Body.of(small.toByteArray(), small.size())
                : new Body(content.length(), this::stream);
    }

    private InputStream stream() {
        var stream = new PulledContent(content);
        streams.add(stream);
        return stream;
    }

    /** Ends what still waits to be read. */
    @Override
    public void close() {
        for (InputStream stream : streams) {
            try {
                stream.close();
            } catch (IOException never) {
                throw new IllegalStateException("a stream in memory failed to close", never);
            }
        }
    }
}
