package org.medbackup.engine.internal.read;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.pack.KeySlot;

/** Opens encapsulations, each once: one ticket sealed many packs. Safe for use by several threads. */
final class TicketSecrets {

    private final KeyRing keys;
    private final Map<ByteBuffer, byte[]> opened = new ConcurrentHashMap<>();

    TicketSecrets(KeyRing keys) {
        this.keys = keys;
    }

    /** The ticket's secret that a slot carries. */
    byte[] of(KeySlot slot) {
        KeyDomain domain = domain(slot.domain());
        HybridKem.Opener opener = domain.openedBy()
                .orElseThrow(() -> ErrorCode.KEY_ROLE_INSUFFICIENT
                        .because("the key does not open this domain")
                        .with("domain", domain.name()));
        if (slot.encapsulation().length != HybridKem.ENCAPSULATION) {
            throw ErrorCode.OBJECT_DAMAGED.because("a key slot has the wrong length");
        }
        return opened.computeIfAbsent(
                ByteBuffer.wrap(slot.encapsulation()), carried -> HybridKem.decapsulate(opener, slot.encapsulation()));
    }

    KeyDomain domain(int id) {
        return keys.domain(id)
                .orElseThrow(() -> ErrorCode.KEY_ROLE_INSUFFICIENT
                        .because("the key does not know this domain")
                        .with("domain", id));
    }
}
