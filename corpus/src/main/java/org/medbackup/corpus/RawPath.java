package org.medbackup.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path below the root of a tree as Linux has it: names of any bytes but NUL, with {@code /} between them. Sorts with
 * {@code /} below every other byte, so that a folder is followed by all that lies in it. Immutable.
 */
public final class RawPath implements Comparable<RawPath> {

    /** The root of a tree: the empty path. */
    public static final RawPath ROOT = new RawPath(new byte[0]);

    private final byte[] bytes;

    private RawPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The UTF-8 bytes of a text. */
    public static RawPath of(String text) {
        return new RawPath(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Keeps a copy of the bytes. */
    public static RawPath copyOf(byte[] bytes) {
        return new RawPath(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The path as text, if its bytes are UTF-8. */
    public boolean isText() {
        return isText(bytes);
    }

    static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException foreign) {
            return false;
        }
    }

    /** A child of this folder. */
    public RawPath resolve(byte[] name) {
        if (bytes.length == 0) {
            return copyOf(name);
        }
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
        joined[bytes.length] = '/';
        System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
        return new RawPath(joined);
    }

    /** All but the last name; the root for a single name and for itself. */
    public RawPath parent() {
        for (int i = bytes.length - 1; i > 0; i--) {
            if (bytes[i] == '/') {
                return new RawPath(Arrays.copyOf(bytes, i));
            }
        }
        return ROOT;
    }

    /** How many names the path has. */
    public int depth() {
        int names = bytes.length == 0 ? 0 : 1;
        for (byte b : bytes) {
            names += b == '/' ? 1 : 0;
        }
        return names;
    }

    /** Whether this is that folder or lies in it. */
    public boolean isWithin(RawPath folder) {
        int length = folder.bytes.length;
        return length == 0
                || bytes.length >= length
                        && Arrays.equals(bytes, 0, length, folder.bytes, 0, length)
                        && (bytes.length == length || bytes[length] == '/');
    }

    /** The same place below another folder. */
    RawPath moved(RawPath from, RawPath to) {
        byte[] rest = Arrays.copyOfRange(bytes, from.bytes.length, bytes.length);
        byte[] joined = Arrays.copyOf(to.bytes, to.bytes.length + rest.length);
        System.arraycopy(rest, 0, joined, to.bytes.length, rest.length);
        return new RawPath(joined);
    }

    @Override
    public int compareTo(RawPath other) {
        int at = Arrays.mismatch(bytes, other.bytes);
        if (at < 0 || at == bytes.length || at == other.bytes.length) {
            return Integer.compare(bytes.length, other.bytes.length);
        }
        return Integer.compare(rank(bytes[at]), rank(other.bytes[at]));
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : b & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawPath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The path as text, with a replacement character where it is none. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
