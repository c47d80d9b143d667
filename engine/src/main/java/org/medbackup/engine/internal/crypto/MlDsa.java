package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Signatures of ML-DSA-65 (FIPS 204): the public key in its raw form, the private key as the seed of 32 bytes. */
public final class MlDsa {

    /** Bytes of a signature. */
    public static final int SIGNATURE = 3309;

    /** Bytes of a public key. */
    public static final int PUBLIC = 1952;

    private static final String NAME = "ML-DSA-65";
    private static final byte[] PUBLIC_HEADER = HexFormat.of().parseHex("308207b2300b0609608648016503040312038207a100");

    private MlDsa() {}

    /** The public key of a seed. */
    public static byte[] publicKey(byte[] seed) {
        try {
            byte[] encoded = expand(seed).getPublic().getEncoded();
            return Arrays.copyOfRange(encoded, encoded.length - PUBLIC, encoded.length);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    private static KeyPair expand(byte[] seed) throws GeneralSecurityException {
        return RawSignature.pair("ML-DSA", NamedParameterSpec.ML_DSA_65, seed);
    }

    /** Signs. */
    public static byte[] sign(byte[] seed, byte[] message) {
        try {
            return RawSignature.sign(NAME, expand(seed).getPrivate(), message);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** Whether a signature was made over this message with the private half of this key. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return RawSignature.verify(NAME, PUBLIC_HEADER, publicKey, message, signature);
    }
}
