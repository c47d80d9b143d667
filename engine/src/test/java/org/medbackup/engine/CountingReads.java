package org.medbackup.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.testkit.ForwardingStore;

/** Counts the bytes that are read from packs of data, directories included. */
final class CountingReads extends ForwardingStore {

    private final AtomicLong bytes;

    CountingReads(ObjectStore inner, AtomicLong bytes) {
        super(inner);
        this.bytes = bytes;
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        int read = super.read(name, offset, target);
        if (name.text().startsWith("d/")) {
            bytes.addAndGet(read);
        }
        return read;
    }
}
