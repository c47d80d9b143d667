package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How a key signs the text of a note. */
enum Algorithm {

    /** The signature type 0x01 of c2sp.org/signed-note; the key as in RFC 8032. */
    ED25519("Ed25519", "\u0001", 32, 64, "302a300506032b6570032100"),

    /**
     * FIPS 204, pure, with an empty context, over the note's text. The specification has no type for it, so it is 0xff and a
     * longer name, as that demands; the key as in FIPS 204.
     */
    ML_DSA_65("ML-DSA-65", "\u00ffmedbackup.org/ml-dsa-65", 1952, 3309, "308207b2300b0609608648016503040312038207a100");

    private final String jca;
    private final String type;
    private final int keyLength;
    private final int signatureLength;
    private final String x509;

    /**
     * @param type each character one byte
     * @param x509 what stands before the key in a SubjectPublicKeyInfo (RFC 8410, section 4; RFC 9881, section 4)
     */
    Algorithm(String jca, String type, int keyLength, int signatureLength, String x509) {
        this.jca = jca;
        this.type = type;
        this.keyLength = keyLength;
        this.signatureLength = signatureLength;
        this.x509 = x509;
    }

    /** Its name in the JDK. */
    String jca() {
        return jca;
    }

    int signatureLength() {
        return signatureLength;
    }

    /** The type of the signature, and the key behind it. */
    byte[] typed(byte[] raw) {
        return joined(type(), raw);
    }

    /** The key behind a type; null where it is none of this algorithm. */
    byte @Nullable [] untyped(byte[] typed) {
        byte[] ours = type();
        boolean fits =
                typed.length == ours.length + keyLength && Arrays.equals(typed, 0, ours.length, ours, 0, ours.length);
        return fits ? Arrays.copyOfRange(typed, ours.length, typed.length) : null;
    }

    PublicKey key(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = joined(HexFormat.of().parseHex(x509), raw);
        return KeyFactory.getInstance(jca).generatePublic(new X509EncodedKeySpec(encoded));
    }

    byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - keyLength, encoded.length);
    }

    private byte[] type() {
        return type.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
