package org.medbackup.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * A store that remembers the order in which puts and deletions began and ended, and tells what a power cut at any of
 * these moments leaves: what had ended is there; of what was under way any part happened and the rest did not. A put that
 * was torn leaves something under no name, which no reader of the port sees. That the adapters keep this promise is shown
 * where they are; see their own tests. Safe for use by several threads.
 */
public final class PowerCutStore implements ObjectStore {

    private final MemoryStore live;
    private final MemoryStore before;
    private final int late;
    private final List<Event> journal = new ArrayList<>();

    /** Content is null for a deletion; an end has the number of its beginning, a beginning -1. */
    private record Event(ObjectName name, byte @Nullable [] content, int began) {}

    /** A store that begins with what another holds, and keeps the promise of the port. */
    public PowerCutStore(MemoryStore before) {
        this(before, 0);
    }

    /**
     * A store that breaks the promise of the port: it answers before what it did is durable. For the proof that a test
     * would notice.
     *
     * @param late how many further beginnings and ends it takes until something is durable
     */
    public PowerCutStore(MemoryStore before, int late) {
        this.before = before.copy();
        this.live = before.copy();
        this.late = late;
    }

    /** How many puts and deletions have begun or ended; each is a moment at which the power can be cut. */
    public synchronized int events() {
        return journal.size();
    }

    /**
     * What is there when the power returns.
     *
     * @param event the power was cut when so many events had happened
     * @param seed chooses what becomes of the work under way; 0 drops all of it, 1 keeps all of it
     */
    public synchronized MemoryStore after(int event, long seed) {
        // The first values of generators with neighbouring seeds are alike.
        var random = new SeededEntropy(seed * 0x9E3779B97F4A7C15L + event);
        var underWay = new TreeMap<Integer, Event>();
        MemoryStore left = before.copy();
        for (int i = 0; i < event; i++) {
            Event each = journal.get(i);
            if (each.began < 0) {
                underWay.put(i, each);
            } else if (i < event - late) {
                apply(left, underWay.remove(each.began));
            }
        }
        for (Event each : underWay.values()) {
            if (seed == 1 || seed != 0 && (random.bytes(1)[0] & 1) == 0) {
                apply(left, each);
            }
        }
        return left;
    }

    private static void apply(MemoryStore store, @Nullable Event event) {
        if (event == null) {
            return;
        }
        if (event.content == null) {
            store.delete(event.name);
        } else {
            store.putIfAbsent(event.name, ObjectContent.of(event.content));
        }
    }

    private synchronized int began(ObjectName name, byte @Nullable [] content) {
        journal.add(new Event(name, content, -1));
        return journal.size() - 1;
    }

    private synchronized void ended(ObjectName name, int began) {
        journal.add(new Event(name, null, began));
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        var bytes = new ByteArrayOutputStream((int) content.length());
        try {
            content.writeTo(Channels.newChannel(bytes));
        } catch (IOException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content could not be written", failed);
        }
        int began = began(name, bytes.toByteArray());
        PutOutcome outcome = live.putIfAbsent(name, content);
        ended(name, began);
        return outcome;
    }

    @Override
    public boolean delete(ObjectName name) {
        int began = began(name, null);
        boolean existed = live.delete(name);
        ended(name, began);
        return existed;
    }

    @Override
    public String location() {
        return live.location();
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return live.read(name, offset, target);
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return live.length(name);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        live.list(prefix, visitor);
    }

    @Override
    public boolean isEmpty() {
        return live.isEmpty();
    }

    @Override
    public void close() {}
}
