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

    /** What is asked for it beyond being kept. Whoever wraps a content passes it on. */
    default Keeping keeping() {
        return Keeping.NONE;
    }

    /** The same bytes, for which something is asked. */
    default ObjectContent kept(Keeping keeping) {
        ObjectContent bytes = this;
        return new ObjectContent() {
            @Override
            public long length() {
                return bytes.length();
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                bytes.writeTo(target);
            }

            @Override
            public Keeping keeping() {
                return keeping;
            }
        };
    }

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
