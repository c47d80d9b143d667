package org.medbackup.core.spi.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The bytes of an object to be stored. They can be written again, so that a put can be repeated. */
public interface ObjectContent {

    /** Length in bytes. */
    long length();

    /** Writes all bytes from the beginning. */
    void writeTo(WritableByteChannel target) throws IOException;

    /** The bytes of an array, which must not change afterwards. */
    static ObjectContent of(byte[] bytes) {
        return new ObjectContent() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    target.write(buffer);
                }
            }
        };
    }
}
