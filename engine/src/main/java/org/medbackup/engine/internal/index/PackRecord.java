package org.medbackup.engine.internal.index;

import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.pack.PackKind;

/**
 * What the index knows of a pack.
 *
 * @param id SHA-256 of its bytes
 * @param kind of pack
 * @param domain number of its key domain
 * @param entries how many chunks it holds
 * @param length its bytes
 * @param ticket under which it was written, 16 bytes
 */
public record PackRecord(byte[] id, PackKind kind, int domain, int entries, long length, byte[] ticket) {

    /** Its object. */
    public ObjectName name() {
        return kind.name(id);
    }
}
