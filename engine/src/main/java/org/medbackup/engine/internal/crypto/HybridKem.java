package org.medbackup.engine.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;

/**
 * A key encapsulation that holds as long as one of its two halves does: X25519 (RFC 7748, as DHKEM of RFC 9180) and
 * ML-KEM-768 (FIPS 203). The secret is HKDF over both halves' secrets, bound to both ciphertexts.
 *
 * <p>Keys are kept in the short raw forms of their standards: X25519 as 32 bytes, ML-KEM's public key as 1184 bytes and
 * its private key as the seed d ‖ z of 64 bytes.
 */
public final class HybridKem {

    /** Bytes of an encapsulation: 32 of X25519 and 1088 of ML-KEM-768. */
    public static final int ENCAPSULATION = 32 + 1088;

    private static final byte[] X25519_PUBLIC = HexFormat.of().parseHex("302a300506032b656e032100");
    private static final byte[] X25519_PRIVATE = HexFormat.of().parseHex("302e020100300506032b656e04220420");
    private static final byte[] ML_KEM_PUBLIC = HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");
    private static final int ML_KEM_PUBLIC_RAW = 1184;
    private static final int SEED = 64;
    private static final byte[] NO_SALT = new byte[32];

    private HybridKem() {}

    /**
     * Whom a secret can be sealed to.
     *
     * @param x25519 32 bytes
     * @param mlKem 1184 bytes
     */
    public record Recipient(byte[] x25519, byte[] mlKem) {

        public Recipient {
            require(x25519.length == Crypto.KEY && mlKem.length == ML_KEM_PUBLIC_RAW);
        }
    }

    /** Who can open it. Its keys are expanded at the first use and kept. Safe for use by several threads. */
    public static final class Opener {

        private record Expanded(PrivateKey x25519, PrivateKey mlKem) {}

        private final byte[] x25519;
        private final byte[] mlKemSeed;
        private volatile @Nullable Expanded expanded;

        /**
         * Of the short forms.
         *
         * @param x25519 scalar of 32 bytes
         * @param mlKemSeed 64 bytes
         */
        public Opener(byte[] x25519, byte[] mlKemSeed) {
            require(x25519.length == Crypto.KEY && mlKemSeed.length == SEED);
            this.x25519 = x25519;
            this.mlKemSeed = mlKemSeed;
        }

        /** The scalar, 32 bytes. */
        public byte[] x25519() {
            return x25519;
        }

        /** The seed of ML-KEM, 64 bytes. */
        public byte[] mlKemSeed() {
            return mlKemSeed;
        }

        private Expanded expanded() throws GeneralSecurityException {
            Expanded known = expanded;
            if (known == null) {
                PrivateKey scalar = KeyFactory.getInstance("X25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(join(X25519_PRIVATE, x25519)));
                known = new Expanded(scalar, expand(mlKemSeed).getPrivate());
                expanded = known;
            }
            return known;
        }
    }

    /** Both sides of a new pair. */
    public record Pair(Recipient recipient, Opener opener) {}

    /** A fresh secret of 32 bytes and what carries it. */
    public record Sealed(byte[] secret, byte[] encapsulation) {}

    private static void require(boolean shape) {
        if (!shape) {
            throw new IllegalArgumentException("a key has the wrong length");
        }
    }

    /** Makes a new pair. */
    public static Pair generate(Entropy entropy) {
        try {
            KeyPairGenerator x = KeyPairGenerator.getInstance("X25519");
            x.initialize(NamedParameterSpec.X25519, new Fixed(entropy.bytes(Crypto.KEY)));
            KeyPair xPair = x.generateKeyPair();
            byte[] scalar = ((XECPrivateKey) xPair.getPrivate()).getScalar().orElseThrow();
            byte[] seed = entropy.bytes(SEED);
            byte[] mlPublic = tail(expand(seed).getPublic().getEncoded(), ML_KEM_PUBLIC_RAW);
            byte[] xPublic = tail(xPair.getPublic().getEncoded(), Crypto.KEY);
            return new Pair(new Recipient(xPublic, mlPublic), new Opener(scalar, seed));
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /** FIPS 203 derives the pair from d and z, which the JDK asks its random source for in this order. */
    private static KeyPair expand(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM");
        generator.initialize(NamedParameterSpec.ML_KEM_768, new Fixed(seed));
        return generator.generateKeyPair();
    }

    /** Makes a secret for a recipient. */
    public static Sealed encapsulate(Recipient recipient, Entropy entropy) {
        try {
            SecureRandom random = new Lent(entropy);
            KEM.Encapsulated x = KEM.getInstance("DHKEM")
                    .newEncapsulator(xPublic(recipient.x25519()), null, random)
                    .encapsulate();
            KEM.Encapsulated ml = KEM.getInstance("ML-KEM")
                    .newEncapsulator(mlPublic(recipient.mlKem()), null, random)
                    .encapsulate();
            byte[] encapsulation = join(x.encapsulation(), ml.encapsulation());
            byte[] secret = combine(x.key().getEncoded(), ml.key().getEncoded(), encapsulation);
            return new Sealed(secret, encapsulation);
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    /**
     * Opens an encapsulation. One that was made for somebody else gives a secret that opens nothing, as ML-KEM's
     * implicit rejection does; the commitment of the key tells it.
     */
    public static byte[] decapsulate(Opener opener, byte[] encapsulation) {
        if (encapsulation.length != ENCAPSULATION) {
            throw new IllegalArgumentException("an encapsulation has the wrong length");
        }
        try {
            byte[] x = Arrays.copyOf(encapsulation, Crypto.KEY);
            byte[] ml = Arrays.copyOfRange(encapsulation, Crypto.KEY, ENCAPSULATION);
            Opener.Expanded keys = opener.expanded();
            byte[] xSecret = KEM.getInstance("DHKEM")
                    .newDecapsulator(keys.x25519())
                    .decapsulate(x)
                    .getEncoded();
            byte[] mlSecret = KEM.getInstance("ML-KEM")
                    .newDecapsulator(keys.mlKem())
                    .decapsulate(ml)
                    .getEncoded();
            return combine(xSecret, mlSecret, encapsulation);
        } catch (DecapsulateException malformed) {
            // Only a changed encapsulation fails here; it is as wrong as a secret that opens nothing.
            return new byte[Crypto.KEY];
        } catch (GeneralSecurityException failed) {
            throw Crypto.unavailable(failed);
        }
    }

    private static byte[] combine(byte[] x, byte[] ml, byte[] encapsulation) {
        return Crypto.hkdf(join(x, ml), NO_SALT, "mb/hybrid/v1", encapsulation);
    }

    private static PublicKey xPublic(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(join(X25519_PUBLIC, raw)));
    }

    private static PublicKey mlPublic(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance("ML-KEM").generatePublic(new X509EncodedKeySpec(join(ML_KEM_PUBLIC, raw)));
    }

    static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] tail(byte[] bytes, int count) {
        return Arrays.copyOfRange(bytes, bytes.length - count, bytes.length);
    }

    /** Gives a generator the bytes that it is to derive its key from. */
    private static final class Fixed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] bytes;
        private int at;

        Fixed(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] target) {
            if (target.length > bytes.length - at) {
                throw new IllegalStateException("the generator asks for more than its seed");
            }
            System.arraycopy(bytes, at, target, 0, target.length);
            at += target.length;
        }
    }

    /** Our door to randomness in the JDK's form. */
    private static final class Lent extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient Entropy entropy;

        Lent(Entropy entropy) {
            this.entropy = entropy;
        }

        @Override
        public void nextBytes(byte[] target) {
            entropy.fill(target);
        }
    }
}
