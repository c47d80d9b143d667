package org.medbackup.engine.internal.chunk;

import javax.crypto.Mac;
import org.medbackup.engine.internal.crypto.Crypto;

/** Names chunks under the key of one domain. Not safe for use by several threads. */
public final class ChunkNamer {

    private final Mac mac;

    public ChunkNamer(byte[] key) {
        mac = Crypto.hmac(key);
    }

    /** The name of the chunk with these bytes. */
    public ChunkId name(byte[] bytes, int offset, int length) {
        mac.update(bytes, offset, length);
        return ChunkId.of(mac.doFinal());
    }
}
