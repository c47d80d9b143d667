package org.medbackup.engine.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Proves signatures of one holder.
 *
 * @param ed25519 public key of 32 bytes
 * @param mlDsa public key of 1952 bytes, or null where the holder signs with Ed25519 alone
 */
public record VerifyingKey(byte[] ed25519, byte @Nullable [] mlDsa) {

    /** What stands before everything that is signed with two algorithms. */
    private static final byte[] BOTH = "mb/signature/2".getBytes(StandardCharsets.US_ASCII);

    public VerifyingKey {
        if (ed25519.length != Crypto.KEY || mlDsa != null && mlDsa.length != MlDsa.PUBLIC) {
            throw new IllegalArgumentException("a key has the wrong length");
        }
    }

    /** How this holder signs. */
    public SignatureAlgorithm algorithm() {
        return mlDsa == null ? SignatureAlgorithm.ED25519 : SignatureAlgorithm.ED25519_ML_DSA_65;
    }

    /** Whether a signature of this holder's algorithm holds, in all its parts. */
    public boolean verify(byte[] message, byte[] signature) {
        if (signature.length != algorithm().length()) {
            return false;
        }
        byte[] post = mlDsa;
        byte[] key = post == null ? ed25519 : HybridKem.join(ed25519, post);
        return ProvenSignatures.holds(key, message, signature, () -> isProven(message, signature));
    }

    private boolean isProven(byte[] message, byte[] signature) {
        byte[] first = Arrays.copyOf(signature, Ed25519.SIGNATURE);
        byte[] post = mlDsa;
        if (post == null) {
            return Ed25519.verify(ed25519, message, first);
        }
        byte[] bound = bound(message);
        byte[] second = Arrays.copyOfRange(signature, Ed25519.SIGNATURE, signature.length);
        return Ed25519.verify(ed25519, bound, first) && MlDsa.verify(post, bound, second);
    }

    /** A message, bound to both algorithms: neither half of a signature is one of the other algorithm. */
    static byte[] bound(byte[] message) {
        return HybridKem.join(BOTH, message);
    }
}
