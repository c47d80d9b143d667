package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.Ed25519;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Says that the administrator lets a key sign restore points.
 *
 * @param publicKey of the writer
 * @param created when
 * @param name of the writer, for people
 */
public record Certificate(byte[] publicKey, Instant created, String name) {

    private static final byte[] CONTEXT = "mb/certificate/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Whether its holder may say what a collection takes away: the administrator gave it that name. */
    boolean mayCollect() {
        return name.equals("owner");
    }

    /** The public half of the key that signs for a ring. */
    public static byte[] publicOf(KeyRing keys) {
        return Ed25519.publicKey(keys.signerSeed());
    }

    /** The short id of a key, 8 bytes. */
    public static byte[] keyId(byte[] publicKey) {
        return Arrays.copyOf(Crypto.sha256(publicKey), 8);
    }

    /** The name of its object in a folder of keys. */
    public ObjectName name(String folder) {
        return ObjectName.of(folder + "/signer-" + HexFormat.of().formatHex(keyId(publicKey)));
    }

    private byte[] content() {
        return new ByteWriter()
                .raw(publicKey)
                .u64(created.toEpochMilli())
                .text(name)
                .toBytes();
    }

    private static byte[] signed(byte[] repository, byte[] content) {
        return new ByteWriter().raw(CONTEXT).raw(repository).raw(content).toBytes();
    }

    /** The bytes of its object, signed by the administrator. */
    public byte[] encode(byte[] repository, byte[] adminSeed) {
        byte[] content = content();
        byte[] signature = Ed25519.sign(adminSeed, signed(repository, content));
        return Envelope.wrap(
                Envelope.Kind.CERTIFICATE,
                repository,
                new ByteWriter().bytes(content).raw(signature).toBytes());
    }

    /**
     * Reads a certificate.
     *
     * @throws org.medbackup.core.error.DamageException where it is none, or not signed by the administrator
     */
    public static Certificate decode(byte[] object, KeyRing keys) {
        byte[] body = Envelope.unwrap(Envelope.Kind.CERTIFICATE, keys.repository(), object);
        try {
            var in = new ByteReader(body);
            byte[] content = in.bytes();
            byte[] signature = in.raw(Ed25519.SIGNATURE);
            if (!Ed25519.verify(keys.adminPublic(), signed(keys.repository(), content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a writer's certificate is not the administrator's");
            }
            var inner = new ByteReader(content);
            return new Certificate(inner.raw(Crypto.KEY), Instant.ofEpochMilli(inner.u64()), inner.text());
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is no certificate", malformed);
        }
    }
}
