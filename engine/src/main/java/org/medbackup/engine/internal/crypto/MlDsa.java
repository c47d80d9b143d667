package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Signatures of ML-DSA-65 (FIPS 204): the public key in its raw form, the private key as the seed of 32 bytes. */
public final class MlDsa {

    /** Bytes of a signature. */
    public static final int SIGNATURE = 3309;

    /** Bytes of a public key. */
    public static final int PUBLIC = 1952;

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

    /** FIPS 204 derives the pair from a seed, which the JDK asks its random source for. */
    private static KeyPair expand(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-DSA");
        generator.initialize(NamedParameterSpec.ML_DSA_65, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] target) {
                System.arraycopy(seed, 0, target, 0, target.length);
            }
        });
        return generator.generateKeyPair();
    }

    /** Signs. */
    public static byte[] sign(byte[] seed, byte[] message) {
        try {
            Signature signature = Signature.getInstance("ML-DSA-65");
            signature.initSign(expand(seed).getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** Whether a signature was made over this message with the private half of this key. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            PublicKey key = KeyFactory.getInstance("ML-DSA-65")
                    .generatePublic(new X509EncodedKeySpec(HybridKem.join(PUBLIC_HEADER, publicKey)));
            Signature verifier = Signature.getInstance("ML-DSA-65");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException | InvalidKeySpecException malformed) {
            return false;
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }
}
