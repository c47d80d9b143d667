package org.medbackup.engine.internal.collect;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.MemoryStore;

/** To whoever looks through this, the index is the one of the moment at which he put his ticket, until he changes it. */
final class StaleIndexStore extends ForwardingStore {

    private final ObjectStore inner;
    private final MemoryStore truth;
    private @Nullable MemoryStore frozen;

    StaleIndexStore(ObjectStore inner, MemoryStore truth) {
        super(inner);
        this.inner = inner;
        this.truth = truth;
    }

    private ObjectStore at(String name) {
        MemoryStore then = frozen;
        return then != null && (name.startsWith("root/") || name.startsWith("i/")) ? then : inner;
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        PutOutcome outcome = inner.putIfAbsent(name, content);
        if (name.text().startsWith("t/")) {
            frozen = truth.copy();
        } else if (name.text().startsWith("root/")) {
            frozen = null;
        }
        return outcome;
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return at(name.text()).read(name, offset, target);
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return at(name.text()).length(name);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        at(prefix).list(prefix, visitor);
    }
}
