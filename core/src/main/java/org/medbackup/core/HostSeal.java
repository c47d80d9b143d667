package org.medbackup.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what stays on this host and may hold names: AES-256-GCM (NIST SP 800-38D) with a random nonce of 12 bytes before the
 * text, bound to the name under which it is kept; both keys by HKDF-SHA-256 (RFC 5869) from the host's key, for one purpose
 * each. Immutable; safe for use by several threads.
 */
public final class HostSeal {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec sealing;
    private final SecretKeySpec naming;
    private final Entropy entropy;

    /**
     * A seal.
     *
     * @param hostKey used now, and not kept
     * @param purpose in ASCII, such as {@code medbackup freeze journal v1}: what was sealed for one is not opened for another
     */
    public HostSeal(Secret hostKey, String purpose, Entropy entropy) {
        this.sealing = hostKey.use(bytes -> derive(bytes, purpose + " entry", "AES"));
        this.naming = hostKey.use(bytes -> derive(bytes, purpose + " name", "HmacSHA256"));
        this.entropy = entropy;
    }

    private static SecretKeySpec derive(byte[] hostKey, String label, String algorithm) {
        try {
            byte[] key = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(hostKey)
                            .thenExpand(label.getBytes(StandardCharsets.US_ASCII), 32));
            var spec = new SecretKeySpec(key, algorithm);
            Arrays.fill(key, (byte) 0);
            return spec;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java platform lacks HKDF", missing);
        }
    }

    /** 32 hexadecimal digits, the same for the same two texts, and telling neither. */
    public String name(String first, String second) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(naming);
            byte[] digest = mac.doFinal((first + "\0" + second).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", missing);
        }
    }

    /** Seals a text under a name. */
    public byte[] seal(String name, byte[] text) {
        byte[] nonce = entropy.bytes(NONCE);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, name, nonce, 0).doFinal(text);
            byte[] entry = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, entry, NONCE, sealed.length);
            return entry;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has AES-GCM", impossible);
        }
    }

    /** Throws {@link GeneralSecurityException} for what was not sealed with this key under this name. */
    public byte[] open(String name, byte[] entry) throws GeneralSecurityException {
        if (entry.length < NONCE + TAG_BITS / 8) {
            throw new GeneralSecurityException("too short");
        }
        return cipher(Cipher.DECRYPT_MODE, name, entry, 0).doFinal(entry, NONCE, entry.length - NONCE);
    }

    private Cipher cipher(int mode, String name, byte[] nonce, int at) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce, at, NONCE));
        cipher.updateAAD(name.getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }
}
