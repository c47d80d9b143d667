package org.medbackup.engine.internal.codec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The form of every small object: what it is, of which repository, its body, and a checksum that anybody can verify
 * without a key.
 *
 * <pre>
 * 0   "MB" and two letters of the kind
 * 4   version u8, suite u8, reserved u16
 * 8   repository id, 16 bytes
 * 24  length of the body u32
 * 28  body
 * ..  SHA-256 of all before, 32 bytes
 * </pre>
 */
public final class Envelope {

    /** The version that this program writes. */
    public static final int VERSION = 1;

    /** The suite of algorithms that this program writes. */
    public static final int SUITE = 1;

    private static final int HEADER = 28;
    private static final int DIGEST = 32;

    private Envelope() {}

    /** Kinds of small objects. */
    public enum Kind {
        KEY("KY"),
        CERTIFICATE("CE"),
        TICKET("TK"),
        MANIFEST("SL"),
        REVOCATION("RV"),
        ROOT("RT"),
        CONDEMNED("CL"),
        COLLECTION("CO"),
        FORGOTTEN("FG"),
        VERIFICATION("VR"),
        RETIREMENT("RK"),
        PLACEMENT("PL"),
        HOLD("LH"),
        ACCESS("AC"),
        SUSPICION("SU");

        private final String letters;

        Kind(String letters) {
            this.letters = letters;
        }
    }

    /** What an envelope holds. */
    public record Opened(Kind kind, byte[] repository, byte[] body) {}

    /** Wraps a body. */
    public static byte[] wrap(Kind kind, byte[] repository, byte[] body) {
        var out = new ByteWriter(HEADER + body.length + DIGEST);
        out.raw(("MB" + kind.letters).getBytes(StandardCharsets.US_ASCII));
        out.u8(VERSION).u8(SUITE).u16(0).raw(repository).u32(body.length).raw(body);
        return out.raw(sha256(out.toBytes())).toBytes();
    }

    /** Whether the keyless checksum holds. */
    public static boolean isIntact(byte[] object) {
        if (object.length < HEADER + DIGEST) {
            return false;
        }
        int end = object.length - DIGEST;
        byte[] digest = sha256(Arrays.copyOf(object, end));
        return Arrays.equals(digest, 0, DIGEST, object, end, object.length);
    }

    /**
     * Unwraps an object.
     *
     * @throws BackupException with {@link ErrorCode#OBJECT_DAMAGED} where the checksum or the form is wrong, or
     *     {@link ErrorCode#REPOSITORY_TOO_NEW} where it is of a version or suite not known here
     */
    public static Opened unwrap(byte[] object) {
        if (!isIntact(object)) {
            throw ErrorCode.OBJECT_DAMAGED.because("its checksum does not hold");
        }
        var in = new ByteReader(object, 0, object.length - DIGEST);
        String magic = new String(in.raw(4), StandardCharsets.US_ASCII);
        Kind kind = Arrays.stream(Kind.values())
                .filter(each -> magic.equals("MB" + each.letters))
                .findFirst()
                .orElseThrow(() -> ErrorCode.OBJECT_DAMAGED.because("it is not of a known kind"));
        int version = in.u8();
        int suite = in.u8();
        if (version > VERSION || suite > SUITE) {
            throw ErrorCode.REPOSITORY_TOO_NEW.because("an object has version " + version + " and suite " + suite);
        }
        if (version < VERSION || suite < SUITE) {
            throw ErrorCode.OBJECT_DAMAGED.because("an object has version " + version + " and suite " + suite);
        }
        in.skip(2);
        byte[] repository = in.raw(16);
        try {
            byte[] body = in.raw((int) Math.min(Integer.MAX_VALUE, in.u32()));
            in.expectEnd();
            return new Opened(kind, repository, body);
        } catch (MalformedException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /**
     * As {@link #unwrap}, and it must be of this kind and repository.
     *
     * @throws BackupException as {@link #unwrap}
     */
    public static byte[] unwrap(Kind kind, byte[] repository, byte[] object) {
        Opened opened = unwrap(object);
        if (opened.kind() != kind) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is a " + opened.kind() + " where a " + kind + " belongs");
        }
        if (!Arrays.equals(opened.repository(), repository)) {
            throw ErrorCode.OBJECT_DAMAGED.because(
                    "it belongs to repository " + HexFormat.of().formatHex(opened.repository()));
        }
        return opened.body();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
