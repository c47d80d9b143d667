package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The public half of an Ed25519 key that signs notes, with the name it signs under. Immutable; safe for use by several
 * threads.
 */
public final class VerifierKey {

    /** The signature type of c2sp.org/signed-note for Ed25519 over the note's text. */
    private static final byte ED25519 = 1;

    private static final int KEY_LENGTH = 32;

    /** What stands before the 32 bytes in an X.509 SubjectPublicKeyInfo (RFC 8410, section 4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] raw;
    private final PublicKey key;

    private VerifierKey(String name, byte[] raw) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_LENGTH);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, KEY_LENGTH);
        this.name = name;
        this.raw = raw;
        this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    static VerifierKey of(String name, PublicKey key) throws GeneralSecurityException {
        byte[] encoded = key.getEncoded();
        return new VerifierKey(name, Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
    }

    /** Reads {@code name+id+key} as {@link #toString()} writes it; null for anything else. */
    public static @Nullable VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length < 3 || parts[0].isEmpty()) {
            return null;
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[2]);
            if (typed.length != 1 + KEY_LENGTH || typed[0] != ED25519) {
                return null;
            }
            var key = new VerifierKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
            return key.toString().equals(text) ? key : null;
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            return null;
        }
    }

    /** Under which it signs. */
    public String name() {
        return name;
    }

    /** SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), the first four bytes. */
    byte[] id() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            digest.update(ED25519);
            return Arrays.copyOf(digest.digest(raw), 4);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that && name.equals(that.name) && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(raw);
    }

    /** {@code name+id+key}, as the Go package golang.org/x/mod/sumdb/note reads it. */
    @Override
    public String toString() {
        byte[] typed = new byte[1 + KEY_LENGTH];
        typed[0] = ED25519;
        System.arraycopy(raw, 0, typed, 1, KEY_LENGTH);
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }
}
