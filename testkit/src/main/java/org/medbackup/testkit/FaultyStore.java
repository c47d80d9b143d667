package org.medbackup.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** A store before which a test puts faults. Counts its calls. Safe for use by several threads. */
public final class FaultyStore implements ObjectStore {

    /** A call about to be made. */
    public enum Call {
        PUT,
        READ,
        LENGTH,
        LIST,
        DELETE
    }

    /** Decides what happens to a call. */
    @FunctionalInterface
    public interface Plan {

        /** What to do with the call of this number (from 1) on this name or prefix. */
        Fault faultOf(Call call, String name, long number);
    }

    /** What happens to a call. */
    public enum Fault {
        NONE,
        /** It fails and has had no effect. */
        FAILS,
        /** It has its effect, and then its answer is lost. */
        ANSWER_LOST,
        /** It breaks off in the middle: half of what was asked for came in. Nothing was stored or deleted. */
        CUT,
        /** There is no room; no effect. */
        FULL
    }

    private final ObjectStore inner;
    private final Plan plan;
    private final AtomicLong calls = new AtomicLong();

    /** Lets the plan decide about each call. */
    public FaultyStore(ObjectStore inner, Plan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    /** How many calls have been made. */
    public long calls() {
        return calls.get();
    }

    private <T> T through(Call call, String name, Supplier<T> work) {
        return through(call, name, work, () -> {});
    }

    private <T> T through(Call call, String name, Supplier<T> work, Runnable half) {
        Fault fault = plan.faultOf(call, name, calls.incrementAndGet());
        return switch (fault) {
            case NONE -> work.get();
            case FAILS -> throw lost(name);
            case CUT -> {
                half.run();
                throw lost(name);
            }
            case FULL -> throw ErrorCode.NO_SPACE.because("injected").with("object", name);
            case ANSWER_LOST -> {
                T _ = work.get();
                throw lost(name);
            }
        };
    }

    private static BackupException lost(String name) {
        return ErrorCode.STORE_UNAVAILABLE.because("injected").with("object", name);
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        return through(Call.PUT, name.text(), () -> inner.putIfAbsent(name, content));
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return through(Call.READ, name.text(), () -> inner.read(name, offset, target), () -> {
            int limit = target.limit();
            target.limit(target.position() + target.remaining() / 2);
            inner.read(name, offset, target);
            target.limit(limit);
        });
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return through(Call.LENGTH, name.text(), () -> inner.length(name));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        through(
                Call.LIST,
                prefix,
                () -> {
                    inner.list(prefix, visitor);
                    return true;
                },
                () -> {
                    List<ObjectInfo> all = new ArrayList<>();
                    inner.list(prefix, all::add);
                    all.subList(0, all.size() / 2).forEach(visitor);
                });
    }

    @Override
    public boolean delete(ObjectName name) {
        return through(Call.DELETE, name.text(), () -> inner.delete(name));
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
    public boolean isEmpty() {
        return inner.isEmpty();
    }

    @Override
    public void close() {
        inner.close();
    }
}
