package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a key that signs notes, with the name it signs under. Immutable; safe for use by several threads.
 */
public final class VerifierKey {

    private final String name;
    private final Algorithm algorithm;
    private final byte[] raw;
    private final PublicKey key;

    private VerifierKey(String name, Algorithm algorithm, byte[] raw) throws GeneralSecurityException {
        this.name = name;
        this.algorithm = algorithm;
        this.raw = raw;
        this.key = algorithm.key(raw);
    }

    static VerifierKey of(String name, Algorithm algorithm, PublicKey key) throws GeneralSecurityException {
        return new VerifierKey(name, algorithm, algorithm.raw(key));
    }

    /** Reads {@code name+id+key} as {@link #toString()} writes it; null for anything else. */
    public static @Nullable VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length < 3 || parts[0].isEmpty()) {
            return null;
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            for (Algorithm algorithm : Algorithm.values()) {
                byte[] raw = algorithm.untyped(typed);
                if (raw != null) {
                    var key = new VerifierKey(parts[0], algorithm, raw);
                    return key.toString().equals(text) ? key : null;
                }
            }
            return null;
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            return null;
        }
    }

    /** Under which it signs. */
    public String name() {
        return name;
    }

    /** Whether it is of the second kind: it holds against computers that break Ed25519. */
    public boolean isPostQuantum() {
        return algorithm == Algorithm.ML_DSA_65;
    }

    /** SHA-256(name ‖ 0x0A ‖ type ‖ key), the first four bytes. */
    byte[] id() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            return Arrays.copyOf(digest.digest(algorithm.typed(raw)), 4);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm.jca());
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(raw);
    }

    /** {@code name+id+key}, as the Go package golang.org/x/mod/sumdb/note reads it. */
    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(algorithm.typed(raw));
    }
}
