package org.medbackup.app.mongodb.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of SCRAM-SHA-256 (RFC 7677) for one login. */
final class Scram {

    private static final byte[] SALT = "medbackup-test".getBytes(StandardCharsets.UTF_8);
    private static final int ITERATIONS = 4096;

    private final String password;
    private String first = "";
    private String challenge = "";

    Scram(String password) {
        this.password = password;
    }

    String start(String message) {
        first = message.substring(message.indexOf("n=", 3));
        String nonce = parts(first).get("r") + "server";
        challenge = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(SALT) + ",i=" + ITERATIONS;
        return challenge;
    }

    /** The server's proof. */
    String finish(String message) {
        String withoutProof = message.substring(0, message.indexOf(",p="));
        byte[] proof = Base64.getDecoder().decode(parts(message).get("p"));
        try {
            var spec = new PBEKeySpec(password.toCharArray(), SALT, ITERATIONS, 256);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            byte[] clientKey = mac(salted, "Client Key");
            byte[] stored = java.security.MessageDigest.getInstance("SHA-256").digest(clientKey);
            String all = first + "," + challenge + "," + withoutProof;
            byte[] signature = mac(stored, all);
            for (int i = 0; i < proof.length; i++) {
                if ((proof[i] ^ signature[i]) != clientKey[i]) {
                    throw new CommandError(18, "Authentication failed.");
                }
            }
            return "v=" + Base64.getEncoder().encodeToString(mac(mac(salted, "Server Key"), all));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> parts(String message) {
        Map<String, String> parts = new HashMap<>();
        for (String each : message.split(",")) {
            int equals = each.indexOf('=');
            parts.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return parts;
    }
}
