package org.medbackup.audit.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value of a hash tree. Immutable; safe for use by several threads. */
public final class Hash {

    private static final MessageDigest SHA_256 = find();

    /** Bytes of a hash. */
    public static final int LENGTH = 32;

    /** The root of a tree without leaves: SHA-256 of nothing (RFC 9162, 2.1.1). */
    public static final Hash EMPTY_TREE = new Hash(sha256().digest());

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The 32 bytes of an array that begin at an offset.
     *
     * @throws IllegalArgumentException where there are fewer
     */
    public static Hash copyOf(byte[] array, int offset) {
        if (offset < 0 || array.length - offset < LENGTH) {
            throw new IllegalArgumentException("a hash has 32 bytes");
        }
        return new Hash(Arrays.copyOfRange(array, offset, offset + LENGTH));
    }

    /**
     * Reads 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Hash parse(String hex) {
        if (hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("a hash has 64 hexadecimal digits");
        }
        return new Hash(HexFormat.of().parseHex(hex));
    }

    /** The hash of a leaf: SHA-256(0x00 ‖ record). */
    public static Hash leaf(byte[] record) {
        MessageDigest digest = sha256();
        digest.update((byte) 0);
        return new Hash(digest.digest(record));
    }

    /** The hash of a node: SHA-256(0x01 ‖ left ‖ right). */
    public static Hash node(Hash left, Hash right) {
        MessageDigest digest = sha256();
        digest.update((byte) 1);
        digest.update(left.bytes);
        return new Hash(digest.digest(right.bytes));
    }

    /** A copy, because looking the algorithm up costs more than a hash. */
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException missing) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", missing);
        }
    }

    private static MessageDigest find() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
