package org.medbackup.engine.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote and trusts nothing: every length is held against what is left before anything is
 * allocated. Fails with {@link MalformedException} only. Not safe for use by several threads.
 */
public final class ByteReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    private void need(long count) {
        if (count < 0 || count > end - at) {
            throw new MalformedException("it ends too early");
        }
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    public int u16() {
        need(2);
        return u8() | u8() << 8;
    }

    public long u32() {
        need(4);
        return u16() | (long) u16() << 16;
    }

    public long u64() {
        need(8);
        return u32() | u32() << 32;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                if (shift == 63 && next > 1 || next == 0 && shift > 0) {
                    throw new MalformedException("an integer is not in its shortest form");
                }
                return value;
            }
        }
        throw new MalformedException("an integer is too long");
    }

    /** A variable-length integer that must be a count or index of at most the given size. */
    public int count(long most) {
        long value = varint();
        if (value < 0 || value > most) {
            throw new MalformedException("a count is too large");
        }
        return (int) value;
    }

    public long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    public byte[] raw(int count) {
        need(count);
        byte[] value = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return value;
    }

    public byte[] bytes() {
        return raw(count(end - at));
    }

    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** A reader of the next bytes behind their length, sharing the array. */
    public ByteReader nested() {
        int length = count(end - at);
        need(length); // the bound of the count was taken before the length itself was read
        var nested = new ByteReader(bytes, at, length);
        at += length;
        return nested;
    }

    public void skip(int count) {
        need(count);
        at += count;
    }

    public int remaining() {
        return end - at;
    }

    public boolean atEnd() {
        return at == end;
    }

    /** Refuses bytes behind the last expected one. */
    public void expectEnd() {
        if (!atEnd()) {
            throw new MalformedException("it goes on after its end");
        }
    }
}
