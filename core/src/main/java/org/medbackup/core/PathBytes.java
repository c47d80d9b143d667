package org.medbackup.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A path of a Linux file system as it really is: bytes, not text. Any byte but NUL may occur, {@code /} separates.
 *
 * <p>The order is that of the repository: {@code /} sorts below every other byte, so that a folder is followed by all
 * that lies in it. Immutable and safe for use by several threads.
 */
public final class PathBytes implements Comparable<PathBytes> {

    /** The empty path, above every other. */
    public static final PathBytes ROOT = new PathBytes(new byte[0]);

    private final byte[] bytes;

    private PathBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Keeps a copy of the bytes. */
    public static PathBytes copyOf(byte[] bytes) {
        return new PathBytes(bytes.clone());
    }

    /** The UTF-8 bytes of a text; {@code \xHH} as {@link #toString()} prints it stands for that byte. */
    public static PathBytes of(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var out = new byte[utf8.length];
        int length = 0;
        for (int i = 0; i < utf8.length; i++) {
            boolean escape = utf8[i] == '\\' && i + 3 < utf8.length && utf8[i + 1] == 'x';
            if (escape && HexFormat.isHexDigit(utf8[i + 2]) && HexFormat.isHexDigit(utf8[i + 3])) {
                out[length++] = (byte) (HexFormat.fromHexDigit(utf8[i + 2]) << 4 | HexFormat.fromHexDigit(utf8[i + 3]));
                i += 3;
            } else {
                out[length++] = utf8[i];
            }
        }
        return new PathBytes(Arrays.copyOf(out, length));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** The byte at a position. */
    public byte at(int index) {
        return bytes[index];
    }

    public boolean isRoot() {
        return bytes.length == 0;
    }

    /** This path, a separator where one is needed, and the child's name. */
    public PathBytes resolve(byte[] name) {
        boolean separate = bytes.length > 0 && bytes[bytes.length - 1] != '/';
        var joined = Arrays.copyOf(bytes, bytes.length + (separate ? 1 : 0) + name.length);
        if (separate) {
            joined[bytes.length] = '/';
        }
        System.arraycopy(name, 0, joined, joined.length - name.length, name.length);
        return new PathBytes(joined);
    }

    /** As {@link #resolve(byte[])} with the bytes of another path. */
    public PathBytes resolve(PathBytes child) {
        return child.isRoot() ? this : resolve(child.bytes);
    }

    /** This path without slashes at its beginning and its end, as the keys of a restore point's tree are. */
    public PathBytes trimmed() {
        int start = 0;
        int end = bytes.length;
        while (start < end && bytes[start] == '/') {
            start++;
        }
        while (end > start && bytes[end - 1] == '/') {
            end--;
        }
        return start == 0 && end == bytes.length ? this : new PathBytes(Arrays.copyOfRange(bytes, start, end));
    }

    /** All but the last name; the root for a single name. */
    public PathBytes parent() {
        int slash = lastSlash();
        return slash <= 0 ? ROOT : new PathBytes(Arrays.copyOf(bytes, slash));
    }

    /** The last name. */
    public PathBytes name() {
        int slash = lastSlash();
        return slash < 0 ? this : new PathBytes(Arrays.copyOfRange(bytes, slash + 1, bytes.length));
    }

    /** Whether this path is the other one or lies below it. */
    public boolean isWithin(PathBytes folder) {
        if (folder.isRoot()) {
            return true;
        }
        boolean prefix = bytes.length >= folder.bytes.length
                && Arrays.equals(bytes, 0, folder.bytes.length, folder.bytes, 0, folder.bytes.length);
        return prefix && (bytes.length == folder.bytes.length || bytes[folder.bytes.length] == '/');
    }

    /** What remains of this path below a folder that holds it. */
    public PathBytes below(PathBytes folder) {
        if (!isWithin(folder)) {
            throw new IllegalArgumentException("the path does not lie in that folder");
        }
        if (folder.isRoot()) {
            return this;
        }
        return bytes.length == folder.bytes.length
                ? ROOT
                : new PathBytes(Arrays.copyOfRange(bytes, folder.bytes.length + 1, bytes.length));
    }

    private int lastSlash() {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == '/') {
                return i;
            }
        }
        return -1;
    }

    /** Compares as the repository sorts: {@code /} below every other byte, then unsigned. */
    public static int compare(byte[] a, byte[] b) {
        int at = Arrays.mismatch(a, b);
        if (at < 0) {
            return 0;
        }
        if (at == a.length || at == b.length) {
            return Integer.compare(a.length, b.length);
        }
        return Integer.compare(rank(a[at]), rank(b[at]));
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : b & 0xff;
    }

    @Override
    public int compareTo(PathBytes other) {
        return compare(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathBytes path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /**
     * The path as text: UTF-8 where it is that, each foreign byte as {@code \xHH}. What would read as such an escape is
     * escaped itself, so that {@link #of(String)} gives back the same bytes.
     */
    @Override
    public String toString() {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException foreign) {
            return escaped();
        }
        return text.indexOf("\\x") < 0 ? text : text.replace("\\x", "\\x5cx");
    }

    private String escaped() {
        var text = new StringBuilder();
        var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (in.hasRemaining()) {
            boolean stopped = decoder.reset().decode(in, out, true).isError();
            text.append(out.flip().toString().replace("\\x", "\\x5cx"));
            out.clear();
            if (stopped) {
                text.append("\\x").append(HexFormat.of().withLowerCase().toHexDigits(in.get()));
            }
        }
        return text.toString();
    }
}
