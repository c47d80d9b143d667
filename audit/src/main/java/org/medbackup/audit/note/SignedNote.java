package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A text and the lines that sign it, as read; says nothing about whether the signatures are good.
 *
 * @param text with its final line feed, each char one byte (ISO 8859-1)
 * @param signatures the signature lines without line feeds, each char one byte
 */
public record SignedNote(String text, List<String> signatures) {

    /** An em dash in UTF-8 and a space, each byte as one char. */
    static final String DASH = "\u00e2\u0080\u0094 ";

    public SignedNote {
        signatures = List.copyOf(signatures);
    }

    /**
     * Whether the key signed the text. Lines of other keys are ignored, as the specification demands, so that witnesses
     * and further algorithms can add theirs; a line of this key that does not verify spoils the note.
     */
    public boolean isSignedBy(VerifierKey key) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        boolean signed = false;
        for (String line : signatures) {
            String before = DASH + key.name() + " ";
            if (!line.startsWith(before)) {
                continue;
            }
            byte[] both = decode(line.substring(before.length()));
            if (both.length < 4 || !Arrays.equals(both, 0, 4, key.id(), 0, 4)) {
                continue;
            }
            if (!key.verifies(bytes, Arrays.copyOfRange(both, 4, both.length))) {
                return false;
            }
            signed = true;
        }
        return signed;
    }

    /** Whether somebody of this name has put a line of ML-DSA-65 to it, be it good or not. */
    public boolean hasPostQuantumLine(String name) {
        String before = DASH + name + " ";
        return signatures.stream()
                .filter(line -> line.startsWith(before))
                .anyMatch(line ->
                        decode(line.substring(before.length())).length == 4 + Algorithm.ML_DSA_65.signatureLength());
    }

    /** Only what an encoder writes: two texts for the same bytes would let a byte change unnoticed. */
    static byte[] decode(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return Base64.getEncoder().encodeToString(bytes).equals(base64) ? bytes : new byte[0];
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }
}
