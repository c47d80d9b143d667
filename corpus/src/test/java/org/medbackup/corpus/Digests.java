package org.medbackup.corpus;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;

/** What the tests of this module measure bytes with. */
final class Digests {

    private Digests() {}

    /** The first 16 hexadecimal digits of the SHA-256: enough to notice any change. */
    static String of(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** How many times smaller deflate at its fastest makes it: a proxy for zstd at level 1. */
    static double ratio(byte[] bytes) {
        try (var deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(bytes);
            deflater.finish();
            var buffer = new byte[64 * 1024];
            while (!deflater.finished()) {
                deflater.deflate(buffer);
            }
            return (double) bytes.length / deflater.getBytesWritten();
        }
    }
}
