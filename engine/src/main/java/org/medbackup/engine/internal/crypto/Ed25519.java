package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Signatures of Ed25519 (RFC 8032) with keys in their raw form of 32 bytes. */
public final class Ed25519 {

    /** Bytes of a signature. */
    public static final int SIGNATURE = 64;

    private static final String NAME = "Ed25519";
    private static final byte[] PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private Ed25519() {}

    /** The public key of a private one. */
    public static byte[] publicKey(byte[] seed) {
        try {
            byte[] encoded = RawSignature.pair(NAME, NamedParameterSpec.ED25519, seed)
                    .getPublic()
                    .getEncoded();
            return Arrays.copyOfRange(encoded, PUBLIC.length, encoded.length);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** Signs. */
    public static byte[] sign(byte[] seed, byte[] message) {
        try {
            PrivateKey key = KeyFactory.getInstance(NAME)
                    .generatePrivate(new PKCS8EncodedKeySpec(HybridKem.join(PRIVATE, seed)));
            return RawSignature.sign(NAME, key, message);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** Whether a signature was made over this message with the private half of this key. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return RawSignature.verify(NAME, PUBLIC, publicKey, message, signature);
    }
}
