package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.core.Secret;
import org.medbackup.notify.common.ChannelOptions;

/** HMAC-SHA-256 over id, time and body of a webhook. */
record Signature(Secret secret) {

    /** The specification's least. */
    private static final int LEAST = 24;

    private static final byte[] ENCODED = "whsec_".getBytes(US_ASCII);

    /** With a secret that is long enough. */
    static Signature with(Secret secret) {
        var signature = new Signature(secret);
        int length;
        try {
            length = signature.withKey(key -> key.length);
        } catch (IllegalArgumentException malformed) {
            throw ChannelOptions.invalid("what follows whsec_ in secret is no base64");
        }
        if (length < LEAST) {
            throw ChannelOptions.invalid("secret has at least " + LEAST + " bytes");
        }
        return signature;
    }

    /** The value of the header. */
    String of(String id, long seconds, byte[] body) {
        return withKey(key -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                mac.update((id + "." + seconds + ".").getBytes(US_ASCII));
                return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    private <T> T withKey(Function<byte[], T> use) {
        return secret.use(bytes -> {
            if (!Arrays.equals(bytes, 0, Math.min(ENCODED.length, bytes.length), ENCODED, 0, ENCODED.length)) {
                return use.apply(bytes);
            }
            byte[] decoded = Base64.getDecoder().decode(Arrays.copyOfRange(bytes, ENCODED.length, bytes.length));
            try {
                return use.apply(decoded);
            } finally {
                Arrays.fill(decoded, (byte) 0);
            }
        });
    }
}
