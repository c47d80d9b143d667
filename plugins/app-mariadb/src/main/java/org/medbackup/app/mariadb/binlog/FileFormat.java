package org.medbackup.app.mariadb.binlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.medbackup.core.error.ErrorCode;

/**
 * What the first event of a file says (MariaDB manual, "FORMAT_DESCRIPTION_EVENT"). It is not the same in all copies of a
 * file: the server marks the one that it writes, and sends it without the time of its start to those who begin in the
 * middle. What is kept here is the same in all.
 *
 * @param created when the file was begun, in seconds since 1970
 * @param server the server's number
 * @param version of the server
 * @param checksums whether each event ends with a CRC-32
 * @param inUse whether the file was not closed in order, or is written still
 */
public record FileFormat(long created, long server, String version, boolean checksums, boolean inUse) {

    /** Reads it from a file of the server, or from a part of one. */
    public static FileFormat of(Path file) throws IOException {
        try (BinlogReader reader = BinlogReader.open(file)) {
            return reader.format();
        }
    }

    /** Tells files of one name and server apart, such as those before and after {@code RESET MASTER}: 16 digits. */
    public String digest() {
        return shortened(created + "|" + server + "|" + version + "|" + checksums);
    }

    /** The beginning of a SHA-256, for names. */
    public static String shortened(String text) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw ErrorCode.INTERNAL.because("the JDK lacks SHA-256", impossible);
        }
    }
}
