package org.medbackup.core.sign;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.medbackup.core.error.ErrorCode;

/**
 * Somebody who signs, such as policies and approvals. Immutable; safe for use by several threads.
 *
 * @param name for people; empty where nobody has given one
 * @param key public key of Ed25519
 */
public record Signer(String name, PublicKey key) {

    /** What stands before the 32 bytes of a public key (RFC 8410, 4). */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int RAW = 32;

    /**
     * Reads a public key.
     *
     * @param name for people
     * @param text in PEM, or in base64 what stands between the lines of PEM, or in base64 its 32 bytes
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE} where it is none
     */
    public static Signer parse(String name, String text) {
        String body = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        try {
            byte[] encoded = Base64.getDecoder().decode(body);
            if (encoded.length == RAW) {
                byte[] whole = java.util.Arrays.copyOf(PREFIX, PREFIX.length + RAW);
                System.arraycopy(encoded, 0, whole, PREFIX.length, RAW);
                encoded = whole;
            }
            return new Signer(name, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException other) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("it is no public key of Ed25519 in PEM or base64", other);
        }
    }

    /** The first 16 hexadecimal digits of SHA-256 of the encoded key, by which signatures name it. */
    public String id() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 0, 8);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** As it stands in a configuration, on one line. */
    public String text() {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** Whether it has made a signature of a message. */
    public boolean hasSigned(String message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }
}
