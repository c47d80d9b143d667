package org.medbackup.engine.internal.index;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.keys.KeyRing;

/** Stores index segments and fetches them, with plain copies in a local folder. Safe for use by several threads. */
final class SegmentStore {

    private final ObjectStore store;
    private final KeyRing keys;
    private final Entropy entropy;
    private final SegmentCache cache;

    /**
     * A store of segments.
     *
     * @param folder local folder for copies
     */
    SegmentStore(ObjectStore store, KeyRing keys, Entropy entropy, Path folder) {
        this.store = store;
        this.keys = keys;
        this.entropy = entropy;
        this.cache = new SegmentCache(folder);
    }

    /** A segment that was stored, and its mapped copy. */
    record Stored(ObjectName name, IndexSegment segment) {}

    /**
     * A segment, from its local copy if there is one.
     *
     * @throws org.medbackup.core.error.DamageException where it is missing or damaged in the store
     */
    IndexSegment open(ObjectName name) {
        return cache.find(name).orElseGet(() -> fetch(name));
    }

    /** A segment whose local copy is of no use any more. */
    IndexSegment openAnew(ObjectName name) {
        cache.drop(name);
        return fetch(name);
    }

    private IndexSegment fetch(ObjectName name) {
        return cache.fetch(store, name, keys.indexKey(), keys.repository());
    }

    /** Stores new entries; the builder is empty afterwards. */
    Stored store(SegmentBuilder builder) {
        try (SegmentCache.Draft draft = cache.draft(builder.length())) {
            builder.writeTo(draft.memory());
            return store(0, draft);
        }
    }

    /** Stores what several segments hold together as one. */
    Stored store(int level, SegmentMerge merge) {
        try (SegmentCache.Draft draft = cache.draft(merge.longest())) {
            draft.shorten(merge.writeTo(draft.memory()));
            return store(level, draft);
        }
    }

    private Stored store(int level, SegmentCache.Draft draft) {
        var object = new SegmentObject(level, draft.memory(), keys.indexKey(), keys.repository(), entropy);
        ObjectName name = object.name();
        store.putIfAbsent(name, object);
        return new Stored(name, cache.keep(draft, name));
    }

    /** Stores a segment that was held in the local folder alone. */
    ObjectName store(IndexSegment segment) {
        var object = new SegmentObject(0, segment.whole(), keys.indexKey(), keys.repository(), entropy);
        ObjectName name = object.name();
        store.putIfAbsent(name, object);
        return name;
    }

    /** Keeps entries in the local folder alone; the builder is empty afterwards. */
    IndexSegment hold(SegmentBuilder builder) {
        try (SegmentCache.Draft draft = cache.draft(builder.length())) {
            builder.writeTo(draft.memory());
            return cache.keep(draft, ObjectName.of("rebuilt/" + HexFormat.of().formatHex(entropy.bytes(8))));
        }
    }

    /** Removes the copies of segments that are no longer live. */
    void keepOnly(Set<ObjectName> live) {
        cache.keepOnly(live);
    }
}
