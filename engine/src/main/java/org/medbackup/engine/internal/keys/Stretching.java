package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;

/**
 * How a passphrase becomes a key of 64 bytes, with the parameters that stand in the object. Parameters are bounded on
 * reading, since whoever can write to a target could otherwise ask for more than a machine has.
 */
public sealed interface Stretching {

    /** Bytes of the key. */
    int KEY = 64;

    /** The name of the function, for people. */
    String label();

    /** Makes the key. */
    byte[] stretch(Secret passphrase, byte[] salt);

    /** Writes the number of the function and its parameters. */
    void encode(ByteWriter out);

    /** The parameters for a new key; never lowered for speed. */
    static Stretching of(KeyDerivation derivation) {
        return switch (derivation) {
            case ARGON2ID -> new Argon2id(64 * 1024, 3, 4);
            case PBKDF2 -> new Pbkdf2(210_000);
        };
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws MalformedException where the parameters are out of all bounds
     */
    static Stretching decode(ByteReader in) {
        return switch (in.u8()) {
            case Pbkdf2.NUMBER -> new Pbkdf2(in.u32());
            case Argon2id.NUMBER -> new Argon2id(in.u32(), in.u32(), in.u32());
            default -> throw ErrorCode.REPOSITORY_TOO_NEW.because("the key is stretched by an unknown function");
        };
    }

    private static void require(boolean bounded) {
        if (!bounded) {
            throw new MalformedException("the parameters of a key's stretching are out of bounds");
        }
    }

    /**
     * PBKDF2-HMAC-SHA-512 (NIST SP 800-132); 210,000 rounds are what OWASP names for it (Password Storage Cheat Sheet,
     * 2023).
     *
     * @param rounds at most 20 million, which take about 20 s
     */
    record Pbkdf2(long rounds) implements Stretching {

        private static final int NUMBER = 1;
        private static final long MOST_ROUNDS = 20_000_000;

        public Pbkdf2 {
            require(rounds >= 1 && rounds <= MOST_ROUNDS);
        }

        @Override
        public String label() {
            return "PBKDF2-HMAC-SHA-512";
        }

        @Override
        public void encode(ByteWriter out) {
            out.u8(NUMBER).u32(rounds);
        }

        /**
         * One block of output (64 bytes) from the JDK's HMAC directly: the JDK's own PBKDF2 takes the passphrase as
         * characters only, and about three times as long.
         */
        @Override
        public byte[] stretch(Secret passphrase, byte[] salt) {
            return passphrase.use(bytes -> {
                try {
                    Mac mac = Mac.getInstance("HmacSHA512");
                    // HMAC pads a short key with zeros, so an empty passphrase is the key of one zero byte.
                    mac.init(new SecretKeySpec(bytes.length == 0 ? new byte[1] : bytes, "HmacSHA512"));
                    mac.update(salt);
                    mac.update(new byte[] {0, 0, 0, 1});
                    byte[] block = mac.doFinal();
                    byte[] sum = block.clone();
                    for (long round = 1; round < rounds; round++) {
                        mac.update(block);
                        mac.doFinal(block, 0);
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] ^= block[i];
                        }
                    }
                    return sum;
                } catch (GeneralSecurityException failed) {
                    throw new IllegalStateException("the JDK's cryptography failed", failed);
                }
            });
        }

        /** For tests against known answers. */
        byte[] stretch(String passphrase, String salt) {
            try (Secret secret = Secret.ofText(passphrase)) {
                return stretch(secret, salt.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * Argon2id, version 1.3 (RFC 9106).
     *
     * @param memory KiB, at most 1 GiB
     * @param passes over the memory, at most 64
     * @param lanes at most 64
     */
    record Argon2id(long memory, long passes, long lanes) implements Stretching {

        private static final int NUMBER = 2;
        private static final long MOST_MEMORY = 1024 * 1024;
        private static final long MOST = 64;
        /** What a block of 1 KiB takes in the heap beside itself, and what else lives there, in KiB. */
        private static final long RESERVE = 32 * 1024;

        public Argon2id {
            require(lanes >= 1 && lanes <= MOST && passes >= 1 && passes <= MOST);
            require(memory >= 8 * lanes && memory <= MOST_MEMORY);
        }

        @Override
        public String label() {
            return "Argon2id";
        }

        @Override
        public void encode(ByteWriter out) {
            out.u8(NUMBER).u32(memory).u32(passes).u32(lanes);
        }

        @Override
        public byte[] stretch(Secret passphrase, byte[] salt) {
            requireHeap(Runtime.getRuntime().maxMemory() / 1024);
            byte[] key = generate(passphrase, salt);
            // Otherwise all that memory stays with a process that needs a tenth of it for the hours that follow.
            System.gc();
            return key;
        }

        /** A method of its own, behind which nobody holds the memory any more. */
        private byte[] generate(Secret passphrase, byte[] salt) {
            var parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB((int) memory)
                    .withIterations((int) passes)
                    .withParallelism((int) lanes)
                    .withSalt(salt)
                    .build();
            var generator = new Argon2BytesGenerator();
            generator.init(parameters);
            return passphrase.use(bytes -> {
                var key = new byte[KEY];
                generator.generateBytes(bytes, key);
                return key;
            });
        }

        /** Says that the heap is too small, before the machine says so in the middle of the work. */
        void requireHeap(long heap) {
            if (memory + memory / 16 + RESERVE > heap) {
                throw ErrorCode.MEMORY_TOO_SMALL.because(
                        "the repository's password is stretched with " + memory / 1024 + " MiB of memory");
            }
        }
    }
}
