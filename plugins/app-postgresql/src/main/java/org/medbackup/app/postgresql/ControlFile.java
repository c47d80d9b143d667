package org.medbackup.app.postgresql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.medbackup.core.TimeSource;

/**
 * {@code global/pg_control}, from which a server starts. It is written in place while we read, so a copy can be torn; a
 * torn one keeps a restored server from starting. It is therefore read until its checksum fits.
 *
 * <p>The file begins with the system identifier; its checksum, a CRC-32C, stands behind the last field, whose place differs
 * from version to version (PostgreSQL, {@code pg_control.h}: the whole fits into 512 bytes).
 */
final class ControlFile {

    private static final int FIELDS = 512;
    private static final int SMALLEST = 64;
    private static final int ATTEMPTS = 50;
    private static final java.time.Duration PAUSE = java.time.Duration.ofMillis(20);

    private final byte[] content;

    ControlFile(byte[] content) {
        this.content = content;
    }

    static Path in(Path dataDirectory) {
        return dataDirectory.resolve("global/pg_control");
    }

    /**
     * Reads it whole.
     *
     * @throws IOException also when it is torn at every attempt
     */
    static ControlFile read(Path dataDirectory, TimeSource time) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var read = new ControlFile(Files.readAllBytes(in(dataDirectory)));
            if (read.isWhole()) {
                return read;
            }
            time.sleep(PAUSE);
        }
        throw new IOException("the control file never passed its checksum");
    }

    /** Its bytes, not to be changed. */
    byte[] content() {
        return content;
    }

    boolean isWhole() {
        if (content.length < FIELDS) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
        var crc = new CRC32C();
        crc.update(content, 0, SMALLEST);
        for (int end = SMALLEST; end + Integer.BYTES <= FIELDS; end += Integer.BYTES) {
            if ((int) crc.getValue() == bytes.getInt(end)) {
                return true;
            }
            crc.update(content, end, Integer.BYTES);
        }
        return false;
    }

    /** The cluster's own number, as the server shows it. */
    String systemIdentifier() {
        return Long.toUnsignedString(
                ByteBuffer.wrap(content).order(ByteOrder.nativeOrder()).getLong());
    }
}
