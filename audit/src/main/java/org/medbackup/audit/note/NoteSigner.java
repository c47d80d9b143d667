package org.medbackup.audit.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** Signs notes with an Ed25519 key. Safe for use by several threads. */
public final class NoteSigner {

    private final PrivateKey key;
    private final VerifierKey verifier;

    private NoteSigner(PrivateKey key, VerifierKey verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /**
     * The signer whose private key (RFC 8032, 5.1.5) these 32 bytes are.
     *
     * @param name without spaces and plus signs
     */
    public static NoteSigner fromSeed(String name, byte[] seed) {
        try {
            // The JDK derives the public half only while it generates a pair, from the bytes its generator is given.
            var generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
            KeyPair pair = generator.generateKeyPair();
            boolean taken = pair.getPrivate() instanceof EdECPrivateKey made
                    && Arrays.equals(made.getBytes().orElseThrow(), seed);
            if (!taken) {
                throw new IllegalStateException("the JDK did not take the given bytes as the key");
            }
            return new NoteSigner(pair.getPrivate(), VerifierKey.of(name, pair.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java platform lacks Ed25519", missing);
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
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            byte[] signature = signer.sign();
            byte[] id = verifier.id();
            byte[] both = Arrays.copyOf(id, id.length + signature.length);
            System.arraycopy(signature, 0, both, id.length, signature.length);
            return text + "\n— " + verifier.name() + " " + Base64.getEncoder().encodeToString(both) + "\n";
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("the note cannot be signed", failed);
        }
    }

    /** Gives the bytes it was given. */
    private static final class Given extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }
    }
}
