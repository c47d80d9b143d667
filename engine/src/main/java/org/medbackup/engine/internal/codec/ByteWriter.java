package org.medbackup.engine.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the primitives of the format into a growing array: little endian, variable-length integers of seven bits a byte
 * (the low ones first), bytes behind their length. Not safe for use by several threads.
 */
public final class ByteWriter {

    private byte[] bytes;
    private int length;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int room) {
        bytes = new byte[room];
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    public ByteWriter u8(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        return u8(value).u8(value >>> 8);
    }

    public ByteWriter u32(long value) {
        return u16((int) value).u16((int) (value >>> 16));
    }

    public ByteWriter u64(long value) {
        return u32(value).u32(value >>> 32);
    }

    /** An unsigned integer; small ones take few bytes. */
    public ByteWriter varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** A signed integer; small ones of both signs take few bytes. */
    public ByteWriter zigzag(long value) {
        return varint(value << 1 ^ value >> 63);
    }

    /** Bytes as they are. */
    public ByteWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    public ByteWriter raw(byte[] value, int offset, int count) {
        ensure(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Bytes behind their length. */
    public ByteWriter bytes(byte[] value) {
        return varint(value.length).raw(value);
    }

    /** A text in UTF-8 behind its length. */
    public ByteWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A tagged field: readers pass over tags they do not know. */
    public ByteWriter field(int tag, byte[] value) {
        return varint(tag).bytes(value);
    }

    public ByteWriter field(int tag, ByteWriter value) {
        return varint(tag).varint(value.length).raw(value.bytes, 0, value.length);
    }

    public int length() {
        return length;
    }

    /** Starts again with the same array. */
    public void reset() {
        length = 0;
    }

    /** The array being written, valid up to {@link #length()} and until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
