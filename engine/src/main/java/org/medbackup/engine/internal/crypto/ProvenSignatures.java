package org.medbackup.engine.internal.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Signatures that were proven in this process: of one key over one message. Whoever opens a repository again, or reads its
 * manifests once more, need not prove them again, which takes most of the time of a short operation. Only what holds is
 * remembered. Safe for use by several threads.
 */
final class ProvenSignatures {

    /** Of 32 bytes each. */
    private static final int MOST = 1 << 16;

    private static final Set<ByteBuffer> PROVEN =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
                    return size() > MOST;
                }
            }));

    private ProvenSignatures() {}

    /** A way to prove a signature. */
    @FunctionalInterface
    interface Proof {
        boolean holds();
    }

    /** Whether a signature holds, by an earlier proof or by this one. */
    static boolean holds(byte[] key, byte[] message, byte[] signature, Proof proof) {
        ByteBuffer id = id(key, message, signature);
        if (PROVEN.contains(id)) {
            return true;
        }
        boolean holds = proof.holds();
        if (holds) {
            PROVEN.add(id);
        }
        return holds;
    }

    /** Each part with its length before it, so that no bytes can move from one to another. */
    private static ByteBuffer id(byte[]... parts) {
        MessageDigest digest = Crypto.sha256();
        for (byte[] part : parts) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            digest.update(part);
        }
        return ByteBuffer.wrap(digest.digest()).asReadOnlyBuffer();
    }
}
