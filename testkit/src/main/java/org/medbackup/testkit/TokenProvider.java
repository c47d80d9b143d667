package org.medbackup.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;

/**
 * A provider of OpenID Connect as far as a caller sees it: issues tokens (RFC 7519) that are signed by ES256 (RFC 7518, 3.4), and
 * tells its public key as a key set (RFC 7517). Subjects may hold no quotation marks.
 */
public final class TokenProvider {

    private static final int COORDINATE = 32;

    private final String issuer;
    private final KeyPair pair;

    /** A provider with a new key. */
    public TokenProvider(String issuer) {
        this.issuer = issuer;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.pair = generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has P-256", missing);
        }
    }

    /** The key set. */
    public String keys() {
        var key = (ECPublicKey) pair.getPublic();
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"one\",\"x\":\""
                + coordinate(key.getW().getAffineX()) + "\",\"y\":\""
                + coordinate(key.getW().getAffineY()) + "\"}]}";
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        var fixed = new byte[COORDINATE];
        int length = Math.min(bytes.length, COORDINATE);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE - length, length);
        return base64(fixed);
    }

    /** A token for somebody. */
    public String token(String subject, String audience, Instant end) {
        String header = base64("{\"alg\":\"ES256\",\"kid\":\"one\"}".getBytes(StandardCharsets.UTF_8));
        String claims = base64(("{\"iss\":\"" + issuer + "\",\"aud\":\"" + audience + "\",\"sub\":\"" + subject
                        + "\",\"exp\":" + end.getEpochSecond() + "}")
                .getBytes(StandardCharsets.UTF_8));
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return header + "." + claims + "." + base64(signature.sign());
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("a token cannot be signed", failed);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
