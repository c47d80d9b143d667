package org.medbackup.store.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.store.common.PulledContent;
import software.amazon.awssdk.core.sync.RequestBody;

/** Content to be put: summed up first, so that the target proves what arrives, then read as often as it is asked for. */
final class Upload implements AutoCloseable {

    /** Up to so much is held in memory; more is written again, by a thread of its own. */
    private static final int SMALL = 256 * 1024;

    private final ObjectContent content;
    private final List<InputStream> streams = new CopyOnWriteArrayList<>();
    private final CRC32C sum = new CRC32C();
    private final ByteArrayOutputStream small;

    Upload(ObjectContent content) {
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
    }

    private final class Summing implements WritableByteChannel {

        private final byte[] piece = new byte[8192];
        private long length;

        @Override
        public int write(ByteBuffer source) {
            int written = source.remaining();
            length += written;
            sum.update(source.duplicate());
            if (content.length() <= SMALL && length <= SMALL) {
                while (source.hasRemaining()) {
                    int part = Math.min(piece.length, source.remaining());
                    source.get(piece, 0, part);
                    small.write(piece, 0, part);
                }
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

    long length() {
        return content.length();
    }

    /** CRC-32C as the protocol writes it. */
    String checksum() {
        return encoded(sum);
    }

    static String encoded(CRC32C sum) {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    RequestBody body() {
        if (content.length() <= SMALL) {
            return RequestBody.fromBytes(small.toByteArray());
        }
        return RequestBody.fromContentProvider(this::stream, content.length(), "application/octet-stream");
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
