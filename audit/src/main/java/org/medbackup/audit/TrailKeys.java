package org.medbackup.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.medbackup.audit.files.Frame;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.note.NoteSigner;
import org.medbackup.core.Secret;

/**
 * The keys of one trail, all derived from the host's key by HKDF-SHA-256 (RFC 5869) with a label each. Immutable; safe
 * for use by several threads.
 */
final class TrailKeys {

    /** Shorter host keys could be guessed from the tokens in the entries. */
    private static final int SHORTEST = 16;

    private static final String HMAC = "HmacSHA256";

    private final Mac tokens;
    private final Mac tags;
    private final TrailSigner signer;

    private TrailKeys(Mac tokens, Mac tags, TrailSigner signer) {
        this.tokens = tokens;
        this.tags = tags;
        this.signer = signer;
    }

    static TrailKeys derive(Secret hostKey) {
        if (hostKey.length() < SHORTEST) {
            throw new IllegalArgumentException("a host key has at least " + SHORTEST + " bytes");
        }
        return hostKey.use(bytes -> {
            String origin =
                    "medbackup/audit/" + HexFormat.of().formatHex(Arrays.copyOf(derive(bytes, "trail name"), 8));
            byte[] seed = derive(bytes, "checkpoint ed25519");
            try {
                return new TrailKeys(
                        hmac(derive(bytes, "veiled value")),
                        hmac(derive(bytes, "entry tag")),
                        new TrailSigner(NoteSigner.fromSeed(origin, seed), derive(bytes, "checkpoint ml-dsa-65")));
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException("every Java platform has HMAC-SHA-256", missing);
            } finally {
                Arrays.fill(seed, (byte) 0);
            }
        });
    }

    private static byte[] derive(byte[] hostKey, String label) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(hostKey)
                            .thenExpand(("medbackup audit v1 " + label).getBytes(StandardCharsets.US_ASCII), 32));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java platform lacks HKDF", missing);
        }
    }

    /** Signs checkpoints; its name is the trail's origin. */
    TrailSigner signer() {
        return signer;
    }

    String origin() {
        return signer.origin();
    }

    /** What stands in an entry for a value that can name a person. */
    String token(String value) {
        return HexFormat.of().formatHex(compute(tokens, value.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Binds an entry to all before it, so that nobody without the host's key can write one that fits.
     *
     * @param before the tag of the entry before; for the first of a bundle the root of the tree so far
     */
    byte[] tag(byte[] before, Hash leaf) {
        return Arrays.copyOf(compute(tags, before, leaf.bytes()), Frame.TAG);
    }

    private static Mac hmac(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac;
    }

    /** A copy for each value: looking the algorithm up and setting the key costs more than the value itself. */
    private static byte[] compute(Mac keyed, byte[]... parts) {
        try {
            Mac mac = (Mac) keyed.clone();
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (CloneNotSupportedException missing) {
            throw new IllegalStateException("the JDK's HMAC can be copied", missing);
        }
    }
}
