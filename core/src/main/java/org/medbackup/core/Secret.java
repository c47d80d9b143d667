package org.medbackup.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Bytes that must not be seen: a passphrase or a key. Printing gives no byte of it, closing wipes it.
 *
 * <p>Owned by whoever made it. Not safe for closing while another thread uses it.
 */
public final class Secret implements AutoCloseable {

    private final byte[] bytes;
    private boolean closed;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Keeps a copy; the caller's array stays the caller's to wipe. */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** The UTF-8 bytes of a passphrase. */
    public static Secret ofText(CharSequence text) {
        var buffer = ByteBuffer.allocate(text.length() * 4);
        var result = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .encode(CharBuffer.wrap(text), buffer, true);
        byte[] utf8 = Arrays.copyOf(buffer.array(), buffer.position());
        Arrays.fill(buffer.array(), (byte) 0);
        var secret = new Secret(utf8);
        if (result.isError()) {
            secret.close();
            throw new IllegalArgumentException("the secret is not well-formed text");
        }
        return secret;
    }

    /** Lends the bytes for one call; they must not be kept. */
    public <T> T use(Function<byte[], T> borrower) {
        return borrower.apply(present());
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** Compares in constant time. */
    public boolean matches(Secret other) {
        return MessageDigest.isEqual(present(), other.present());
    }

    /** The bytes, never the zeros that wiping leaves: two wiped secrets would match. */
    private byte[] present() {
        if (closed) {
            throw new IllegalStateException("the secret has been wiped");
        }
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
