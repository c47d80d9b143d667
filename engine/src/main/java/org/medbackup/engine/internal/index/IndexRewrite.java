package org.medbackup.engine.internal.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * Makes roots that name other packs: a collector's part in the index. Segments that hold none of the packs in question
 * stay as they are. Not safe for use by several threads.
 */
public final class IndexRewrite {

    private final ObjectStore store;
    private final KeyRing keys;
    private final Entropy entropy;
    private final SegmentStore segments;
    private final Runnable fence;

    /**
     * A rewriter.
     *
     * @param folder local folder for copies of segments
     * @param fence as in {@link Index#publish}
     */
    public IndexRewrite(ObjectStore store, KeyRing keys, Entropy entropy, Path folder, Runnable fence) {
        this.store = store;
        this.keys = keys;
        this.entropy = entropy;
        this.segments = new SegmentStore(store, keys, entropy, folder);
        this.fence = fence;
    }

    /**
     * The newest root as it stands now.
     *
     * @throws DamageException where it cannot be read
     */
    public IndexRoot newest() {
        while (true) {
            List<ObjectName> names = IndexRoot.names(store);
            if (names.isEmpty()) {
                throw ErrorCode.OBJECT_MISSING.because("there is no index root");
            }
            ObjectName name = names.getLast();
            try {
                return IndexRoot.decode(store.readAll(name), name, keys);
            } catch (DamageException gone) {
                if (gone.code() != ErrorCode.OBJECT_MISSING) {
                    throw gone.with("object", name);
                }
                // Tidied away between the listing and the reading: there is a newer one.
            }
        }
    }

    /** Whether the newest root can be read. */
    public boolean isReadable() {
        try {
            newest();
            return true;
        } catch (DamageException damaged) {
            return false;
        }
    }

    /** Makes packs findable; the builder is empty afterwards. */
    public void add(SegmentBuilder packs) {
        ObjectName segment = segments.store(packs).name();
        while (true) {
            IndexRoot root = newest();
            var live = new ArrayList<>(root.segments());
            live.add(segment);
            if (put(root.next(live))) {
                return;
            }
        }
    }

    /**
     * Takes packs out of the index in the name of a collection, unless that or a later one has been there.
     *
     * @param dropped ids of packs in hexadecimal digits
     * @param adopted packs to be named that no segment names; empty afterwards
     * @param collection its number
     * @param decision the name of the record of what it takes away
     * @return whether this call did it
     */
    public boolean drop(Set<String> dropped, SegmentBuilder adopted, long collection, ObjectName decision) {
        ObjectName added = adopted.isEmpty() ? null : segments.store(adopted).name();
        while (true) {
            IndexRoot root = newest();
            if (root.collection() >= collection) {
                return false;
            }
            Optional<List<ObjectName>> live = without(root, dropped, added);
            if (live.isPresent() && put(root.collected(collection, decision.text(), live.get()))) {
                return true;
            }
        }
    }

    /**
     * Ends a collection of which nobody can read the list: it takes nothing away. A collector that has read the list before
     * finds the number of its own root taken, so that nothing is lost to it.
     */
    public void end(long collection) {
        while (true) {
            IndexRoot root = newest();
            if (root.collection() >= collection || put(root.collected(collection, "", root.segments()))) {
                return;
            }
        }
    }

    private boolean put(IndexRoot root) {
        fence.run();
        return store.putIfAbsent(root.name(), ObjectContent.of(root.encode(keys, entropy))) == PutOutcome.CREATED;
    }

    /** The segments of the next root; empty where one of the present ones is gone, and so the root is not the newest. */
    private Optional<List<ObjectName>> without(IndexRoot root, Set<String> dropped, @Nullable ObjectName added) {
        var live = new ArrayList<ObjectName>();
        try {
            for (ObjectName name : root.segments()) {
                IndexSegment segment = segments.open(name);
                if (hasAny(segment, dropped)) {
                    filtered(SegmentObject.level(name), segment, dropped).ifPresent(live::add);
                } else {
                    live.add(name);
                }
            }
        } catch (DamageException gone) {
            if (gone.code() != ErrorCode.OBJECT_MISSING || newest().number() == root.number()) {
                throw gone;
            }
            return Optional.empty();
        }
        if (added != null) {
            live.add(added);
        }
        return Optional.of(live);
    }

    private static boolean hasAny(IndexSegment segment, Set<String> dropped) {
        for (int i = 0; i < segment.packs(); i++) {
            if (dropped.contains(HexFormat.of().formatHex(segment.pack(i).id()))) {
                return true;
            }
        }
        return false;
    }

    private Optional<ObjectName> filtered(int level, IndexSegment segment, Set<String> dropped) {
        var merge = new SegmentMerge(List.of(segment), dropped);
        return merge.isEmpty()
                ? Optional.empty()
                : Optional.of(segments.store(level, merge).name());
    }
}
