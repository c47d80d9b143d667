package org.medbackup.store.azure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** MD5 as the service knows it: against accidents on the way, not against anybody's will, which the engine's seals are for. */
final class Sums {

    private Sums() {}

    static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    /** What a sum is, as it is written in a header; the sum begins anew. */
    static String end(MessageDigest sum) {
        return Base64.getEncoder().encodeToString(sum.digest());
    }

    static String of(byte[] bytes, int length) {
        MessageDigest sum = begin();
        sum.update(bytes, 0, length);
        return end(sum);
    }
}
