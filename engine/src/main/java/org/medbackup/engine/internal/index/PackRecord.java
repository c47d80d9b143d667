package org.medbackup.engine.internal.index;

import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.pack.PackKind;

/**
 * What the index knows of a pack.
 *
 * @param id SHA-256 of its bytes
 * @param kind of pack
 * @param domain number of its key domain
 * @param placement number of its class of placement, 0 for none
 * @param entries how many chunks it holds
 * @param length its bytes
 * @param ticket under which it was written, 16 bytes
 */
public record PackRecord(byte[] id, PackKind kind, int domain, int placement, int entries, long length, byte[] ticket) {

    /** One of which only the name and the length are known. */
    public static PackRecord named(byte[] id, PackKind kind, long length) {
        return new PackRecord(id, kind, 0, 0, 0, length, new byte[16]);
    }

    /** Its object. */
    public ObjectName name() {
        return kind.name(id);
    }
}
