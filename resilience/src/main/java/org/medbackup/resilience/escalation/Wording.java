package org.medbackup.resilience.escalation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What may stand in an incident: names of the configuration, and short texts. Nothing that is reported is refused. */
final class Wording {

    private static final int LONGEST_TEXT = 400;

    /** A path has a slash, or a backslash, and is no name. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:@#+-]{0,99}");

    private static final Pattern UNSEEN = Pattern.compile("\\p{C}+");

    private Wording() {}

    /** A name as it is, or where it cannot be one of the configuration, such as a path, a name made from its hash. */
    static String name(String given) {
        return NAME.matcher(given).matches() ? given : "veiled-" + hash(given, 4);
    }

    /** A text on one line that is not longer than 400 characters. */
    static String text(String given) {
        String line = UNSEEN.matcher(given).replaceAll(" ").strip();
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT - 1) + "…";
    }

    /** So many bytes of a text's SHA-256, in hexadecimal digits. */
    static String hash(String text, int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
