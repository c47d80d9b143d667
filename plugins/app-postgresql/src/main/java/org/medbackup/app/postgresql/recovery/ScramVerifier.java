package org.medbackup.app.postgresql.recovery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677), in PostgreSQL's notation:
 * {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}.
 */
final class ScramVerifier {

    /** PostgreSQL's own default. */
    private static final int ITERATIONS = 4096;

    private ScramVerifier() {}

    /** For a password of ASCII letters and digits: others would have to be normalised first. */
    static String of(String password, Entropy entropy) {
        return of(password, entropy.bytes(16));
    }

    static String of(String password, byte[] salt) {
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256))
                    .getEncoded();
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            Base64.Encoder base64 = Base64.getEncoder();
            return "SCRAM-SHA-256$" + ITERATIONS + ":" + base64.encodeToString(salt) + "$"
                    + base64.encodeToString(storedKey) + ":" + base64.encodeToString(hmac(salted, "Server Key"));
        } catch (GeneralSecurityException impossible) {
            throw ErrorCode.INTERNAL.because("every JDK has PBKDF2 and HMAC with SHA-256", impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }
}
