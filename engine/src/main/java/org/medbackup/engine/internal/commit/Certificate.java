package org.medbackup.engine.internal.commit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.MlDsa;
import org.medbackup.engine.internal.crypto.SignatureAlgorithm;
import org.medbackup.engine.internal.crypto.SigningKey;
import org.medbackup.engine.internal.crypto.VerifyingKey;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Says that the administrator lets a key sign, and what.
 *
 * @param key of the holder
 * @param created when
 * @param name of the holder, for people
 * @param role what the holder may sign; null in certificates from before there were roles, whose holders are owner and
 *     writers
 */
public record Certificate(
        VerifyingKey key,
        Instant created,
        String name,
        @Nullable KeyRole role) {

    private static final byte[] CONTEXT = "mb/certificate/v1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int TAG_ROLE = 1;
    private static final int TAG_ML_DSA = 2;

    /** A certificate of the holder of a ring. */
    public static Certificate of(KeyRing holder, Instant created, String name) {
        return new Certificate(holder.signer().verifying(), created, name, holder.role());
    }

    /** The first part of the public key by which a ring's holder signs: what names the signer. */
    public static byte[] publicOf(KeyRing keys) {
        return keys.signer().verifying().ed25519();
    }

    /** The short id of a key, 8 bytes. */
    public static byte[] keyId(byte[] publicKey) {
        return Arrays.copyOf(Crypto.sha256(publicKey), 8);
    }

    /** The short id of this key as text. */
    public String id() {
        return HexFormat.of().formatHex(keyId(key.ed25519()));
    }

    /** The name of its object in a folder of keys. */
    public ObjectName name(String folder) {
        return ObjectName.of(folder + "/signer-" + id());
    }

    /** Whether what the holder signs with this intent counts. */
    public boolean allows(KeyRole.Right right) {
        KeyRole holder = role;
        return holder == null ? right == KeyRole.Right.BACK_UP || right == KeyRole.Right.PROVE : holder.may(right);
    }

    private byte[] content() {
        var out =
                new ByteWriter().raw(key.ed25519()).u64(created.toEpochMilli()).text(name);
        if (role != null) {
            out.field(TAG_ROLE, new ByteWriter().u8(role.code()));
        }
        byte[] post = key.mlDsa();
        if (post != null) {
            out.field(TAG_ML_DSA, new ByteWriter().u8(key.algorithm().number()).raw(post));
        }
        return out.toBytes();
    }

    private static byte[] signed(byte[] repository, byte[] content) {
        return new ByteWriter().raw(CONTEXT).raw(repository).raw(content).toBytes();
    }

    /** The bytes of its object, signed by the administrator. */
    public byte[] encode(byte[] repository, SigningKey admin) {
        byte[] content = content();
        byte[] signature = admin.sign(signed(repository, content));
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
            byte[] signature = in.raw(in.remaining());
            if (!keys.admin().verifying().verify(signed(keys.repository(), content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("a certificate is not the administrator's");
            }
            return content(new ByteReader(content));
        } catch (MalformedException | DateTimeException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is no certificate", malformed);
        }
    }

    private static Certificate content(ByteReader in) {
        byte[] publicKey = in.raw(Crypto.KEY);
        Instant created = Instant.ofEpochMilli(in.u64());
        String name = in.text();
        KeyRole role = null;
        byte[] post = null;
        while (!in.atEnd()) {
            long tag = in.varint();
            ByteReader field = in.nested();
            if (tag == TAG_ROLE) {
                role = KeyRole.of(field.u8())
                        .orElseThrow(() -> new MalformedException("the role of a key is not known"));
            } else if (tag == TAG_ML_DSA) {
                SignatureAlgorithm.of(field.u8());
                post = field.raw(MlDsa.PUBLIC);
            }
        }
        return new Certificate(new VerifyingKey(publicKey, post), created, name, role);
    }
}
