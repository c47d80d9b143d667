package org.medbackup.engine;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** Counts the bytes that are read from packs of data, directories included. */
record CountingReads(ObjectStore inner, AtomicLong bytes) implements ObjectStore {

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return inner.putIfAbsent(name, content);
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        int read = inner.read(name, offset, target);
        if (name.text().startsWith("d/")) {
            bytes.addAndGet(read);
        }
        return read;
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return inner.length(name);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        inner.list(prefix, visitor);
    }

    @Override
    public boolean delete(ObjectName name) {
        return inner.delete(name);
    }

    @Override
    public boolean isEmpty() {
        return inner.isEmpty();
    }

    @Override
    public void close() {
        inner.close();
    }
}
