package org.medbackup.app.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.medbackup.core.error.ErrorCode;

/**
 * The head of a database file (sqlite.org, "Database File Format", 1.3). Only read: who opens and closes a database file beside
 * SQLite takes away the locks of its own process, so this is done before any connection is there.
 *
 * @param pageSize in bytes
 * @param wal whether it keeps a write-ahead log
 */
record DatabaseFile(int pageSize, boolean wal) {

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 100;

    /**
     * Reads it.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_NOT_READY} where it is no
     *     database, or an encrypted one
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE} where it is not
     *     there or may not be read
     */
    static DatabaseFile read(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw ErrorCode.APPLICATION_UNREACHABLE
                    .because("the database file is not there, or cannot be read by this process")
                    .about(file);
        }
        byte[] head = head(file);
        if (head.length < HEAD) {
            throw ErrorCode.APPLICATION_NOT_READY
                    .because("the file is too short to be an SQLite database")
                    .about(file);
        }
        if (!Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw ErrorCode.APPLICATION_NOT_READY
                    .because("the file is no SQLite database, or an encrypted one: back it up as a file while nobody"
                            + " uses it")
                    .about(file);
        }
        int pageSize = ByteBuffer.wrap(head).getShort(16) & 0xffff;
        return new DatabaseFile(pageSize == 1 ? 65536 : pageSize, head[18] == 2);
    }

    private static byte[] head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        } catch (IOException unreadable) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("the database file cannot be read", unreadable);
        }
    }
}
