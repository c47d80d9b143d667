package org.medbackup.engine.internal.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.CheckedMemory.StaleCacheException;

/**
 * The segments that an open index looks into, oldest first. One whose local copy turns out to be damaged in use is fetched
 * again. Safe for use by several threads.
 */
final class HeldSegments {

    private final SegmentStore segments;
    private final List<Held> held = new CopyOnWriteArrayList<>();

    HeldSegments(SegmentStore segments) {
        this.segments = segments;
    }

    /** A segment in use; one that was rebuilt and is not stored yet has no name. */
    private final class Held {
        private final @Nullable ObjectName name;
        private volatile IndexSegment segment;

        Held(@Nullable ObjectName name, IndexSegment segment) {
            this.name = name;
            this.segment = segment;
        }

        <T> T use(Function<IndexSegment, T> work) {
            try {
                return work.apply(segment);
            } catch (StaleCacheException stale) {
                return work.apply(again());
            }
        }

        private synchronized IndexSegment again() {
            ObjectName object = name;
            if (object == null) {
                throw ErrorCode.STATE_UNUSABLE.because("a local copy of the index changed while it was used");
            }
            segment = segments.openAnew(object);
            return segment;
        }
    }

    /** Takes a stored segment in. */
    void open(ObjectName name) {
        held.add(new Held(name, segments.open(name)));
    }

    /** Stores new entries and takes their segment in; the builder is empty afterwards. */
    ObjectName store(SegmentBuilder builder) {
        return take(segments.store(builder));
    }

    private ObjectName take(SegmentStore.Stored stored) {
        held.add(new Held(stored.name(), stored.segment()));
        return stored.name();
    }

    /** Takes entries in that are not stored; the builder is empty afterwards. */
    void hold(SegmentBuilder builder) {
        held.add(new Held(null, segments.hold(builder)));
    }

    /** Stores what was only held, and gives the names. */
    List<ObjectName> storeHeld() {
        var names = new ArrayList<ObjectName>();
        for (Held each : held) {
            if (each.name == null) {
                names.add(each.use(segments::store));
            }
        }
        return names;
    }

    /** Lets all go. */
    void clear() {
        held.clear();
    }

    /** Whether a segment has a chunk. */
    boolean contains(ChunkId id) {
        for (int i = held.size() - 1; i >= 0; i--) {
            if (held.get(i).use(segment -> segment.contains(id))) {
                return true;
            }
        }
        return false;
    }

    /** All places of a chunk, in the newest segments first. */
    List<Location> locate(ChunkId id) {
        var places = new ArrayList<Location>(2);
        for (int i = held.size() - 1; i >= 0; i--) {
            places.addAll(held.get(i).use(segment -> {
                var found = new ArrayList<Location>(2);
                segment.locate(id, found::add);
                return found;
            }));
        }
        return places;
    }

    /** Visits every pack; one that stands in several segments may come several times. */
    void eachPack(Consumer<PackRecord> visitor) {
        for (Held each : held) {
            int count = each.use(IndexSegment::packs);
            for (int i = 0; i < count; i++) {
                int number = i;
                visitor.accept(each.use(segment -> segment.pack(number)));
            }
        }
    }

    /** Visits the chunks of one pack. */
    void eachChunkOf(PackRecord pack, Index.ChunkVisitor visitor) {
        for (Held each : held) {
            each.use(segment -> {
                segment.eachChunkOf(pack, visitor);
                return true;
            });
        }
    }

    /** Room to mark chunks in, none marked. */
    IndexMarks marks() {
        return new IndexMarks(
                held.stream().<IndexMarks.Part>map(each -> each::use).toList());
    }

    /** How many entries all segments have, copies counted. */
    long entries() {
        return held.stream().mapToLong(each -> each.segment.entries()).sum();
    }

    /** Makes one segment of several, which are let go; one that another writer has just made is fetched. */
    ObjectName merge(int level, List<ObjectName> names) {
        List<Held> parts = names.stream().map(this::find).toList();
        ObjectName name;
        try {
            name = merge(level, parts);
        } catch (StaleCacheException stale) {
            parts.forEach(Held::again);
            name = merge(level, parts);
        }
        held.removeIf(each -> each.name != null && names.contains(each.name));
        return name;
    }

    private ObjectName merge(int level, Collection<Held> parts) {
        return take(segments.store(
                level, new SegmentMerge(parts.stream().map(part -> part.segment).toList())));
    }

    private Held find(ObjectName name) {
        for (Held each : held) {
            if (name.equals(each.name)) {
                return each;
            }
        }
        var fetched = new Held(name, segments.open(name));
        held.add(fetched);
        return fetched;
    }
}
