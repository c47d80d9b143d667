package org.medbackup.core.sign;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;

/**
 * A private key of Ed25519 (RFC 8032) with which a person signs, such as policies and approvals; its file is PKCS#8 in PEM (RFC 8410), as {@code openssl genpkey
 * -algorithm ed25519} makes it. Immutable; safe for use by several threads.
 */
public final class SigningKey {

    private static final int SEED = 32;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final PrivateKey key;
    private final Signer signer;

    private SigningKey(byte[] seed) {
        try {
            // The JDK derives the public half only while it generates a pair, from the bytes its generator is given.
            var generator = KeyPairGenerator.getInstance("Ed25519", "SunEC");
            generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
            var pair = generator.generateKeyPair();
            if (!Arrays.equals(seedOf(pair.getPrivate()), seed)) {
                throw new IllegalStateException("the JDK did not take the given bytes as the key");
            }
            this.key = pair.getPrivate();
            this.signer = new Signer("", pair.getPublic());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java platform lacks Ed25519", missing);
        }
    }

    /** A new one. */
    public static SigningKey generate(Entropy entropy) {
        byte[] seed = entropy.bytes(SEED);
        var made = new SigningKey(seed);
        Arrays.fill(seed, (byte) 0);
        return made;
    }

    /**
     * Reads a key file.
     *
     * @param pem its text
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE} where it is none
     */
    public static SigningKey parse(String pem) {
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END);
        if (from < 0 || to < from) {
            throw unreadable(null);
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
            byte[] seed = seedOf(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
            Arrays.fill(encoded, (byte) 0);
            var read = new SigningKey(seed);
            Arrays.fill(seed, (byte) 0);
            return read;
        } catch (GeneralSecurityException | IllegalArgumentException other) {
            throw unreadable(other);
        }
    }

    private static RuntimeException unreadable(@Nullable Exception cause) {
        return ErrorCode.CREDENTIAL_UNREADABLE.because(
                "a key that signs is a private key of Ed25519 in PEM, without a passphrase", cause);
    }

    private static byte[] seedOf(PrivateKey key) {
        return ((EdECPrivateKey) key).getBytes().orElseThrow();
    }

    /** Its file. */
    public String pem() {
        return BEGIN + "\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n" + END
                + "\n";
    }

    /** Its public half, without a name. */
    public Signer signer() {
        return signer;
    }

    /** The signature of a message, 64 bytes. */
    public byte[] sign(String message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(message.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("it cannot be signed", failed);
        }
    }

    /** Gives the bytes it was given. */
    private static final class Given extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;

        Given(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }
    }
}
