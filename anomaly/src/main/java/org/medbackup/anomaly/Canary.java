package org.medbackup.anomaly;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.Entropy;

/**
 * A file that nobody has a reason to change, and of which its own content proves that nobody has: its last line is the SHA-256 of
 * all before. Whatever its name says beside, it holds {@link #MARK}, by which it is found in what was restored.
 */
public final class Canary {

    /** Stands in the name of each. */
    public static final String MARK = "medbackup-canary";

    private static final String FIRST = "medbackup canary v1\n";
    private static final int LINES = 60;
    private static final int DIGEST = 65;

    private Canary() {}

    /** Content for a new one, some kilobytes of text. */
    public static byte[] content(Entropy entropy) {
        var text = new StringBuilder(FIRST);
        for (int line = 0; line < LINES; line++) {
            text.append("value ").append(line).append(' ');
            text.append(HexFormat.of().formatHex(entropy.bytes(24))).append('\n');
        }
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(body, body.length + DIGEST);
        System.arraycopy(end(body, body.length), 0, whole, body.length, DIGEST);
        return whole;
    }

    /** Whether it is as it was made. */
    public static boolean isIntact(byte[] content) {
        int body = content.length - DIGEST;
        return body > 0 && Arrays.equals(content, body, content.length, end(content, body), 0, DIGEST);
    }

    private static byte[] end(byte[] bytes, int length) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, length));
            return (HexFormat.of().formatHex(digest) + "\n").getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
