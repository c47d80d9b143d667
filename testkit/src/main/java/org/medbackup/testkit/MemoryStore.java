package org.medbackup.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** A store in memory with the semantics of the port, and doors for a test to damage what it holds. */
public final class MemoryStore implements ObjectStore {

    private final NavigableMap<ObjectName, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<ObjectName, Keeping> keepings = new ConcurrentHashMap<>();
    private final @Nullable TimeSource clock;
    private final AtomicLong questions = new AtomicLong();

    /** An empty store. */
    public MemoryStore() {
        this(null);
    }

    private MemoryStore(@Nullable TimeSource clock) {
        this.clock = clock;
    }

    /** An empty store that locks objects, by a clock. */
    public static MemoryStore locking(TimeSource clock) {
        return new MemoryStore(clock);
    }

    /** What was asked for an object when it was put. */
    public Keeping keeping(ObjectName name) {
        return keepings.getOrDefault(name, Keeping.NONE);
    }

    /** How often it was asked about locks. */
    public long lockQuestions() {
        return questions.get();
    }

    @Override
    public Optional<Locks> locks() {
        return Optional.ofNullable(clock).map(time -> new Locks() {
            @Override
            public Optional<Instant> until(ObjectName name) {
                questions.incrementAndGet();
                bytes(name);
                return Optional.of(keeping(name)).filter(Keeping::locks).map(Keeping::until);
            }

            @Override
            public void extend(ObjectName name, Instant until) {
                questions.incrementAndGet();
                bytes(name);
                Keeping now = keeping(name);
                if (now.until().isBefore(until)) {
                    keepings.put(name, new Keeping(now.tier(), until));
                }
            }
        });
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        var bytes = new ByteArrayOutputStream((int) content.length());
        try {
            content.writeTo(Channels.newChannel(bytes));
        } catch (IOException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content could not be written", failed);
        }
        if (bytes.size() != content.length()) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content is not as long as it says");
        }
        if (objects.putIfAbsent(name, bytes.toByteArray()) != null) {
            return PutOutcome.EXISTED;
        }
        keepings.put(name, content.keeping());
        return PutOutcome.CREATED;
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        byte[] bytes = bytes(name);
        if (offset >= bytes.length) {
            return 0;
        }
        int length = (int) Math.min(target.remaining(), bytes.length - offset);
        target.put(bytes, (int) offset, length);
        return length;
    }

    private byte[] bytes(ObjectName name) {
        byte[] bytes = objects.get(name);
        if (bytes == null) {
            throw ErrorCode.OBJECT_MISSING.because("it is not in memory").with("object", name);
        }
        return bytes;
    }

    @Override
    public OptionalLong length(ObjectName name) {
        byte[] bytes = objects.get(name);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        objects.forEach((name, bytes) -> {
            if (name.text().startsWith(prefix)) {
                visitor.accept(new ObjectInfo(name, bytes.length));
            }
        });
    }

    @Override
    public boolean delete(ObjectName name) {
        if (clock != null && keeping(name).until().isAfter(clock.now())) {
            throw ErrorCode.DELETION_REFUSED.because("it is locked").with("object", name);
        }
        return objects.remove(name) != null;
    }

    @Override
    public boolean isEmpty() {
        return objects.isEmpty();
    }

    @Override
    public void close() {}

    /** All names, sorted. */
    public List<ObjectName> names() {
        return List.copyOf(objects.keySet());
    }

    /** Names below a prefix, sorted. */
    public List<ObjectName> names(String prefix) {
        return names().stream().filter(name -> name.text().startsWith(prefix)).toList();
    }

    /** Replaces an object, as no store ever would. */
    public void overwrite(ObjectName name, byte[] bytes) {
        objects.put(name, bytes.clone());
    }

    /** Changes one byte of an object to its complement. */
    public void flip(ObjectName name, int position) {
        byte[] bytes = bytes(name).clone();
        bytes[position] = (byte) ~bytes[position];
        objects.put(name, bytes);
    }

    /** A store with the same content that goes its own way from now on. */
    public MemoryStore copy() {
        var copy = new MemoryStore(clock);
        objects.forEach((name, bytes) -> copy.objects.put(name, bytes.clone()));
        copy.keepings.putAll(keepings);
        return copy;
    }
}
