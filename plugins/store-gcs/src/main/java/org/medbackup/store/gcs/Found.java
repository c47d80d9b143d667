package org.medbackup.store.gcs;

import java.io.EOFException;
import java.io.IOException;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/**
 * What the service tells about an object.
 *
 * @param length in bytes
 * @param sum CRC-32C in base 64, empty where it is not told
 */
record Found(long length, String sum) {

    private static final int LONGEST = 256 * 1024;

    /**
     * Reads it from an answer.
     *
     * @throws IOException where that is cut, or tells nothing
     */
    static Found of(Answer answer) throws IOException {
        try {
            JsonValue.Members object = answer.document(LONGEST);
            String length = object.text("size");
            if (!length.matches("[0-9]{1,18}")) {
                throw new EOFException("the answer has no length");
            }
            return new Found(Long.parseLong(length), object.find("crc32c").isPresent() ? object.text("crc32c") : "");
        } catch (JsonException without) {
            throw new EOFException("the answer has no length");
        }
    }
}
