package org.medbackup.engine.internal.chunk;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of a chunk: HMAC-SHA-256 of its plaintext under the key of its domain. Equal content has equal ids inside a
 * domain and unrelated ids in two. Immutable.
 */
public final class ChunkId implements Comparable<ChunkId> {

    /** Bytes of an id. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private ChunkId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over; it must not change afterwards. */
    public static ChunkId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a chunk id has 32 bytes");
        }
        return new ChunkId(bytes);
    }

    /** The bytes themselves, to be read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Eight of its bytes as a number, big endian; uniformly distributed. */
    public long word(int offset) {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | bytes[offset + i] & 0xff;
        }
        return word;
    }

    @Override
    public int compareTo(ChunkId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return (int) word(0);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
