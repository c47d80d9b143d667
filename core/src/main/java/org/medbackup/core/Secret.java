package org.medbackup.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Bytes that must not be seen: a passphrase or a key. Printing gives no byte of it, closing wipes it.
 *
 * <p>Owned by whoever made it. Not safe for closing while another thread uses it.
 */
public final class Secret implements AutoCloseable {

    /** So many repositories are opened by one passphrase at most before the first has to be derived for again. */
    private static final int MOST_DERIVED = 16;

    private final byte[] bytes;
    private final Map<String, byte[]> derived = new LinkedHashMap<>();
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

    /**
     * What is derived from it at great cost, such as a key that a passphrase is stretched to: derived once, kept as long as
     * this is, and wiped with it. Safe for use by several threads.
     *
     * @param how names the function and all that it depends on beside the bytes
     * @param function derives it; the bytes are lent
     * @return a copy, which is the caller's to wipe
     */
    public byte[] derived(String how, Function<byte[], byte[]> function) {
        synchronized (derived) {
            byte[] known = derived.get(how);
            if (known == null) {
                known = function.apply(present());
                if (derived.size() >= MOST_DERIVED) {
                    forget(derived.keySet().iterator().next());
                }
                derived.put(how, known);
            }
            return known.clone();
        }
    }

    private void forget(String how) {
        byte[] known = derived.remove(how);
        if (known != null) {
            Arrays.fill(known, (byte) 0);
        }
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
        synchronized (derived) {
            derived.values().forEach(known -> Arrays.fill(known, (byte) 0));
            derived.clear();
        }
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
