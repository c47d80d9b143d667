package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** Signs notes with one key. Safe for use by several threads. */
public final class NoteSigner {

    private final PrivateKey key;
    private final Algorithm algorithm;
    private final VerifierKey verifier;

    private NoteSigner(PrivateKey key, Algorithm algorithm, VerifierKey verifier) {
        this.key = key;
        this.algorithm = algorithm;
        this.verifier = verifier;
    }

    /**
     * The signer whose private key of Ed25519 (RFC 8032, 5.1.5) these 32 bytes are.
     *
     * @param name without spaces and plus signs
     */
    public static NoteSigner fromSeed(String name, byte[] seed) {
        return generated(name, seed, Algorithm.ED25519, "SunEC");
    }

    /**
     * The signer whose private key of ML-DSA-65 follows from these 32 bytes (FIPS 204, algorithm 6).
     *
     * @param name without spaces and plus signs
     */
    public static NoteSigner mlDsa65FromSeed(String name, byte[] seed) {
        return generated(name, seed, Algorithm.ML_DSA_65, "SUN");
    }

    private static NoteSigner generated(String name, byte[] seed, Algorithm algorithm, String provider) {
        try {
            // The JDK derives the public half only while it generates a pair, from the bytes its generator is given.
            var generator = KeyPairGenerator.getInstance(algorithm.jca(), provider);
            var given = new Given(seed);
            generator.initialize(new NamedParameterSpec(algorithm.jca()), given);
            KeyPair pair = generator.generateKeyPair();
            if (!given.taken) {
                throw new IllegalStateException("the JDK did not take the given bytes as the key");
            }
            return new NoteSigner(pair.getPrivate(), algorithm, VerifierKey.of(name, algorithm, pair.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java platform lacks " + algorithm.jca(), missing);
        }
    }

    /** The public half. */
    public VerifierKey verifier() {
        return verifier;
    }

    /**
     * The note: text, an empty line, one signature line.
     *
     * @param text ends with a line feed
     */
    public String sign(String text) {
        return text + "\n" + line(text);
    }

    /** The line that signs a text, with its line feed. */
    public String line(String text) {
        try {
            Signature signer = Signature.getInstance(algorithm.jca());
            signer.initSign(key, new Zeros());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            byte[] signature = signer.sign();
            byte[] id = verifier.id();
            byte[] both = Arrays.copyOf(id, id.length + signature.length);
            System.arraycopy(signature, 0, both, id.length, signature.length);
            return "— " + verifier.name() + " " + Base64.getEncoder().encodeToString(both) + "\n";
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the note cannot be signed", failed);
        }
    }

    /**
     * The deterministic variant of ML-DSA (FIPS 204, 3.4): a text has one signature, so that who signs the same document twice
     * makes the same file. Ed25519 takes no random bytes.
     */
    private static final class Zeros extends SecureRandom {

        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] target) {
            Arrays.fill(target, (byte) 0);
        }
    }

    /** Gives the bytes it was given, once and as they are. */
    private static final class Given extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] bytes;
        private boolean taken;

        Given(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            if (taken || target.length != bytes.length) {
                throw new IllegalStateException("the JDK makes keys from other bytes than it did");
            }
            taken = true;
            System.arraycopy(bytes, 0, target, 0, target.length);
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
