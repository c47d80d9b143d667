package org.medbackup.store.gcs;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * CRC-32C as the service knows it: against accidents on the way, not against anybody's will, which the engine's seals are
 * for.
 */
final class Sums {

    private Sums() {}

    /** A sum as it is written in a document: four bytes, the highest first, in base 64. */
    static String text(CRC32C sum) {
        byte[] bytes = ByteBuffer.allocate(4).putInt((int) sum.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The sum of an array. */
    static String of(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return text(sum);
    }
}
