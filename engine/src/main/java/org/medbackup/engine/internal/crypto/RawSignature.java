package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/** Signatures of the JDK with keys in their raw form. */
final class RawSignature {

    private RawSignature() {}

    /** The pair that an algorithm derives from a seed, which the JDK asks its random source for. */
    static KeyPair pair(String family, NamedParameterSpec parameters, byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        generator.initialize(parameters, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] target) {
                System.arraycopy(seed, 0, target, 0, target.length);
            }
        });
        return generator.generateKeyPair();
    }

    static byte[] sign(String algorithm, PrivateKey key, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }

    /**
     * Whether a signature was made over this message with the private half of this key.
     *
     * @param header of the key's X.509 form
     */
    static boolean verify(String algorithm, byte[] header, byte[] publicKey, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(KeyFactory.getInstance(algorithm)
                    .generatePublic(new X509EncodedKeySpec(HybridKem.join(header, publicKey))));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException | InvalidKeySpecException malformed) {
            return false;
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }
}
