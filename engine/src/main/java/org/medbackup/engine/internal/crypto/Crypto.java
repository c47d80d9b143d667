package org.medbackup.engine.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, HMAC-SHA-256 and HKDF-SHA-256 (FIPS 180-4, FIPS 198-1, RFC 5869). Safe for use by several threads. */
public final class Crypto {

    /** Bytes of a key, a digest and a chunk id. */
    public static final int KEY = 32;

    private Crypto() {}

    /** A new digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw unavailable(absent);
        }
    }

    /** The digest of some bytes. */
    public static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** A new keyed digest. */
    public static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException failed) {
            throw unavailable(failed);
        }
    }

    /** The keyed digest of some bytes. */
    public static byte[] hmac(byte[] key, byte[] bytes) {
        return hmac(key).doFinal(bytes);
    }

    /** The keyed digest of a label. */
    public static byte[] hmac(byte[] key, String label) {
        return hmac(key, label.getBytes(StandardCharsets.US_ASCII));
    }

    /** Extracts with a salt and expands with a label to a key of 32 bytes. */
    public static byte[] hkdf(byte[] secret, byte[] salt, String label, byte[]... context) {
        try {
            var info = new java.io.ByteArrayOutputStream();
            info.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            for (byte[] part : context) {
                info.writeBytes(part);
            }
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(new SecretKeySpec(secret, "Generic"))
                    .addSalt(salt)
                    .thenExpand(info.toByteArray(), KEY);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException failed) {
            throw unavailable(failed);
        }
    }

    /** The commitment that binds a key before it is used: GCM alone can be made to open under two keys. */
    public static byte[] commitment(byte[] key) {
        return hmac(key, "mb/commit/v1");
    }

    /** A JDK without these algorithms is no JDK that we run on. */
    static IllegalStateException unavailable(Exception cause) {
        return new IllegalStateException("the JDK's cryptography failed", cause);
    }
}
