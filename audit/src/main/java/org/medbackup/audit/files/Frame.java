package org.medbackup.audit.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.Hash;

/**
 * One entry as it stands in its file: length of the record (4 bytes, most significant first), CRC-32C (4 bytes) over
 * length, tag and record, tag (16 bytes), record.
 *
 * @param record canonical JSON
 * @param tag binds it to the entries before
 */
public record Frame(byte[] record, byte[] tag) {

    /** Bytes of a tag. */
    public static final int TAG = 16;
    /** Bytes before the record. */
    public static final int HEADER = 4 + 4 + TAG;

    /** As much as an entry of c2sp.org/tlog-tiles can have. */
    public static final int LONGEST_RECORD = 65_535;

    /** The JSON of the least entry is longer than this. */
    private static final int SHORTEST_RECORD = 2;

    /** Bytes on disk. */
    public int length() {
        return HEADER + record.length;
    }

    public Hash leaf() {
        return Hash.leaf(record);
    }

    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(length());
        bytes.putInt(record.length).putInt(0).put(tag).put(record);
        bytes.putInt(4, checksum(record.length, bytes.duplicate().position(8)));
        return bytes.array();
    }

    /** The frame at an offset; null where no whole and sound one begins. */
    public static @Nullable Frame read(byte[] bytes, int offset) {
        int length = declaredLength(bytes, offset);
        if (length < 0 || bytes.length - offset - HEADER < length) {
            return null;
        }
        // The tag stands before the record, so both are summed where they lie; nothing is copied that does not fit.
        int checksum = ByteBuffer.wrap(bytes).getInt(offset + 4);
        if (checksum != checksum(length, ByteBuffer.wrap(bytes, offset + 8, TAG + length))) {
            return null;
        }
        byte[] tag = Arrays.copyOfRange(bytes, offset + 8, offset + HEADER);
        return new Frame(Arrays.copyOfRange(bytes, offset + HEADER, offset + HEADER + length), tag);
    }

    /** Length of the record that begins at an offset, by its own word; negative where it cannot be. */
    public static int declaredLength(byte[] bytes, int offset) {
        if (bytes.length - offset < HEADER) {
            return -1;
        }
        int length = ByteBuffer.wrap(bytes).getInt(offset);
        return length < SHORTEST_RECORD || length > LONGEST_RECORD ? -1 : length;
    }

    private static int checksum(int length, ByteBuffer tagAndRecord) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(0, length));
        crc.update(tagAndRecord);
        return (int) crc.getValue();
    }
}
