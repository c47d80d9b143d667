package org.medbackup.testkit;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** Another store, with every call handed on; a test changes those that it is about. */
public abstract class ForwardingStore implements ObjectStore {

    private final ObjectStore inner;

    /** Hands on to another. */
    protected ForwardingStore(ObjectStore inner) {
        this.inner = inner;
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return inner.length(name);
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return inner.putIfAbsent(name, content);
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return inner.read(name, offset, target);
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
    public Optional<Locks> locks() {
        return inner.locks();
    }

    @Override
    public Optional<Recall> recall() {
        return inner.recall();
    }

    @Override
    public String location() {
        return inner.location();
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
