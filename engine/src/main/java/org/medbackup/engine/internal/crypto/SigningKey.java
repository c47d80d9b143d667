package org.medbackup.engine.internal.crypto;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;

/**
 * Signs for one holder.
 *
 * @param ed25519Seed 32 bytes
 * @param mlDsaSeed 32 bytes, or null where the holder signs with Ed25519 alone
 */
public record SigningKey(byte[] ed25519Seed, byte @Nullable [] mlDsaSeed) {

    /** A new key. */
    public static SigningKey generate(SignatureAlgorithm algorithm, Entropy entropy) {
        byte[] seed = entropy.bytes(Crypto.KEY);
        return new SigningKey(seed, algorithm == SignatureAlgorithm.ED25519 ? null : entropy.bytes(Crypto.KEY));
    }

    /** What others prove its signatures with. */
    public VerifyingKey verifying() {
        byte[] post = mlDsaSeed;
        return new VerifyingKey(Ed25519.publicKey(ed25519Seed), post == null ? null : MlDsa.publicKey(post));
    }

    /** Signs with all algorithms of this holder. */
    public byte[] sign(byte[] message) {
        byte[] post = mlDsaSeed;
        if (post == null) {
            return Ed25519.sign(ed25519Seed, message);
        }
        byte[] bound = VerifyingKey.bound(message);
        return HybridKem.join(Ed25519.sign(ed25519Seed, bound), MlDsa.sign(post, bound));
    }
}
