package org.medbackup.engine.internal.chunk;

import java.security.DigestException;
import java.security.MessageDigest;
import org.medbackup.engine.internal.crypto.Crypto;

/**
 * Names chunks under the key of one domain: HMAC-SHA-256 (RFC 2104), computed from the digest directly, since the JDK's
 * own is a quarter slower on chunks of this size. Not safe for use by several threads.
 */
public final class ChunkNamer {

    private static final int BLOCK = 64;

    private final MessageDigest digest = Crypto.sha256();
    private final byte[] innerPad = new byte[BLOCK];
    private final byte[] outerPad = new byte[BLOCK];
    private final byte[] inner = new byte[Crypto.KEY];

    /** Names under a key of at most 64 bytes. */
    public ChunkNamer(byte[] key) {
        if (key.length > BLOCK) {
            throw new IllegalArgumentException("a longer key would have to be hashed first");
        }
        for (int i = 0; i < BLOCK; i++) {
            byte own = i < key.length ? key[i] : 0;
            innerPad[i] = (byte) (own ^ 0x36);
            outerPad[i] = (byte) (own ^ 0x5c);
        }
    }

    /** The name of the chunk with these bytes. */
    public ChunkId name(byte[] bytes, int offset, int length) {
        digest.update(innerPad);
        digest.update(bytes, offset, length);
        try {
            digest.digest(inner, 0, inner.length);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
        digest.update(outerPad);
        digest.update(inner);
        return ChunkId.of(digest.digest());
    }
}
