package org.medbackup.engine.internal.index;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.PackReader;

/**
 * All chunks of a repository, as its newest root names them. A damaged root or segment is replaced, for this process, by
 * what the packs' own directories say; the next writer makes that durable. Safe for use by several threads.
 */
public final class Index {

    /** A level of so many segments is merged into one of the next level. */
    private static final int MERGED_FROM = 8;

    private static final int REBUILT_AT_ONCE = 1 << 19;
    private static final byte[] NOBODY = new byte[0];

    private final ObjectStore store;
    private final KeyRing keys;
    private final Entropy entropy;
    private final SegmentStore segments;
    private final HeldSegments held;
    private final RootReader roots;
    private final Findings findings;
    private final CondemnedPacks condemned;
    private final Set<ObjectName> lost = new HashSet<>();
    private volatile IndexRoot root = IndexRoot.first();
    private volatile boolean repaired;
    private volatile boolean doubtful;
    private boolean completed;
    private final byte[] writer;

    private Index(
            ObjectStore store,
            KeyRing keys,
            Entropy entropy,
            Path folder,
            CondemnedPacks condemned,
            byte[] writer,
            Findings findings) {
        this.store = store;
        this.keys = keys;
        this.entropy = entropy;
        this.segments = new SegmentStore(store, keys, entropy, folder);
        this.held = new HeldSegments(segments);
        this.condemned = condemned;
        this.writer = writer.clone();
        this.findings = findings;
        this.roots = new RootReader(store, keys, findings);
    }

    /**
     * Opens the index as it stands now.
     *
     * @param folder local folder for copies of segments
     * @param condemned lists read before this call; chunks in these packs are taken for absent
     * @param findings takes what was damaged and could be made good
     */
    public static Index open(
            ObjectStore store,
            KeyRing keys,
            Entropy entropy,
            Path folder,
            CondemnedPacks condemned,
            Findings findings) {
        return open(store, keys, entropy, folder, condemned, NOBODY, findings);
    }

    /**
     * As {@link #open(ObjectStore, KeyRing, Entropy, Path, CondemnedPacks, Findings)}, for a writer.
     *
     * @param writer its ticket's id; where a list cannot be read, chunks count as stored in this ticket's packs alone
     * @throws DamageException with {@link ErrorCode#CONDEMNED_UNREADABLE} where both the index and a collector's list
     *     cannot be read
     */
    public static Index open(
            ObjectStore store,
            KeyRing keys,
            Entropy entropy,
            Path folder,
            CondemnedPacks condemned,
            byte[] writer,
            Findings findings) {
        var index = new Index(store, keys, entropy, folder, condemned, writer, findings);
        index.load();
        index.doubtful = condemned.mayCondemnAny(index.root.collection());
        return index;
    }

    private void load() {
        boolean whole = loadNewest();
        while (!whole && !lost.isEmpty() && rootNames().stream().anyMatch(name -> name.compareTo(root.name()) > 0)) {
            // What the root named may have been tidied away in the meantime: then the next one names its successor.
            held.clear();
            lost.clear();
            whole = loadNewest();
        }
        if (!whole) {
            lost.forEach(name -> findings.add(name, ErrorCode.OBJECT_DAMAGED));
            rebuild();
        }
    }

    private boolean loadNewest() {
        RootReader.Newest newest = roots.newest();
        root = newest.root();
        boolean whole = newest.isReadable();
        for (ObjectName name : root.segments()) {
            whole &= load(name);
        }
        if (newest.isReadable()) {
            segments.keepOnly(Set.copyOf(root.segments()));
        }
        return whole;
    }

    private boolean load(ObjectName name) {
        try {
            held.open(name);
            return true;
        } catch (DamageException damaged) {
            lost.add(name);
            return false;
        }
    }

    private List<ObjectName> rootNames() {
        return IndexRoot.names(store);
    }

    /** Adds what the directories of all packs say that are in no healthy segment. */
    private void rebuild() {
        if (condemned.hasUnreadableCollection()) {
            throw ErrorCode.CONDEMNED_UNREADABLE.because("and the index is to be put together from the packs");
        }
        Set<String> known = new HashSet<>();
        eachPack(pack -> known.add(HexFormat.of().formatHex(pack.id())));
        var reader = new PackReader(store, keys.repository(), keys.indexKey());
        var builder = new SegmentBuilder();
        for (PackKind kind : PackKind.values()) {
            var names = new ArrayList<ObjectName>();
            store.list(kind.prefix(), info -> names.add(info.name()));
            for (ObjectName name : names) {
                kind.id(name)
                        // What a collector is about to delete must not be named again by a root that comes after its
                        // own.
                        .filter(id -> !known.contains(HexFormat.of().formatHex(id)) && !condemned.isCollected(id))
                        .ifPresent(id -> describe(reader, kind, name, id, builder));
                if (builder.entries() >= REBUILT_AT_ONCE) {
                    holdRebuilt(builder);
                }
            }
        }
        holdRebuilt(builder);
        repaired = true;
    }

    private void describe(PackReader reader, PackKind kind, ObjectName name, byte[] id, SegmentBuilder builder) {
        try {
            PackReader.Described pack = reader.describe(name);
            var record = new PackRecord(
                    id,
                    kind,
                    pack.domain(),
                    pack.placement(),
                    pack.directory().entries().size(),
                    pack.length(),
                    pack.ticket());
            builder.add(record, pack.directory().entries());
        } catch (DamageException damaged) {
            findings.add(name, damaged);
        } catch (RefusedException cold) {
            if (cold.code() != ErrorCode.OBJECT_OFFLINE) {
                throw cold;
            }
            // What it holds is not found until it can be read.
            findings.add(name, cold.code());
        }
    }

    private void holdRebuilt(SegmentBuilder builder) {
        if (!builder.isEmpty()) {
            held.hold(builder);
        }
    }

    /**
     * Reads the directories of packs that the index does not know, once: where a chunk that a restore point needs is not
     * in it, the root was set back to an earlier one. For readers; a writer's new chunks are unknown by right.
     *
     * @return whether there were such packs
     */
    public synchronized boolean complete() {
        if (completed) {
            return false;
        }
        completed = true;
        long before = entries();
        boolean wasRepaired = repaired;
        rebuild();
        boolean added = entries() > before;
        repaired = wasRepaired || added;
        if (added) {
            findings.add(root.name(), ErrorCode.INDEX_SET_BACK);
        }
        return added;
    }

    /** The root that this index was read from, or last wrote. */
    public IndexRoot root() {
        return root;
    }

    /** Whether a collector has taken packs away since it was read. */
    public boolean isOutOfDate() {
        List<ObjectName> names = rootNames();
        return !names.isEmpty() && names.getLast().compareTo(root.name()) > 0 && isLater(roots.newest());
    }

    private boolean isLater(RootReader.Newest newest) {
        return newest.isReadable() && newest.root().collection() > root.collection();
    }

    /** Whether what it says comes in part from the packs, because a root or segment was damaged. */
    public boolean isRepaired() {
        return repaired;
    }

    /** Lists of packs to be taken for absent. */
    public CondemnedPacks condemned() {
        return condemned;
    }

    /** Whether a chunk is stored, in a pack that will stay. */
    public boolean contains(ChunkId id) {
        if (doubtful || !condemned.isEmpty()) {
            return locate(id).stream().anyMatch(place -> mayLeanOn(place.pack()));
        }
        return held.contains(id);
    }

    /** Whether a new restore point may lean on a pack: no list condemns it. */
    public boolean mayLeanOn(PackRecord pack) {
        return !condemned.contains(pack) && (!doubtful || java.util.Arrays.equals(pack.ticket(), writer));
    }

    /** All places of a chunk, in the newest segments first. */
    public List<Location> locate(ChunkId id) {
        return held.locate(id);
    }

    /** Visits every pack; one that stands in several segments may come several times. */
    public void eachPack(Consumer<PackRecord> visitor) {
        held.eachPack(visitor);
    }

    /** Takes a chunk of a pack: the 20 bytes of its id that the index keeps, and the length of its record. */
    @FunctionalInterface
    public interface ChunkVisitor {

        void chunk(byte[] id, int storedLength);
    }

    /** Visits the chunks of one pack. Reads the whole index. */
    public void eachChunkOf(PackRecord pack, ChunkVisitor visitor) {
        held.eachChunkOf(pack, visitor);
    }

    /** Room to mark chunks in, none marked; valid for as long as nothing is published. */
    public IndexMarks marks() {
        return held.marks();
    }

    /** How many entries all segments have, copies counted. */
    public long entries() {
        return held.entries();
    }

    /**
     * Stores the entries of new packs as a segment and makes it live in a new root.
     *
     * @param fence called after the root has been read on which the new one is built, and before that is put: fails where
     *     the ticket of the caller has been revoked, since then its packs may be deleted already
     */
    public void publish(SegmentBuilder builder, Runnable fence) {
        var added = new ArrayList<ObjectName>();
        if (!builder.isEmpty()) {
            added.add(held.store(builder));
        }
        if (repaired) {
            added.addAll(held.storeHeld());
        }
        while (!tryPublish(added, fence)) {
            RootReader.Newest newest = roots.newest();
            if (!newest.isReadable()) {
                throw ErrorCode.OBJECT_DAMAGED.because("the newest index root cannot be read");
            }
            root = newest.root();
        }
        repaired = false;
    }

    private boolean tryPublish(List<ObjectName> added, Runnable fence) {
        List<ObjectName> live = new ArrayList<>(root.segments());
        if (repaired) {
            // Only these: what is live and not held here may be another writer's.
            live.removeAll(lost);
        }
        added.stream().filter(name -> !live.contains(name)).forEach(live::add);
        IndexRoot next = root.next(merged(live));
        if (next.segments().equals(root.segments()) && !repaired) {
            return true;
        }
        ObjectContent content = ObjectContent.of(next.encode(keys, entropy));
        fence.run();
        if (store.putIfAbsent(next.name(), content) == PutOutcome.EXISTED) {
            return false;
        }
        root = next;
        return true;
    }

    /** Merges full levels, so that their number grows with the logarithm of the repository. */
    private List<ObjectName> merged(List<ObjectName> live) {
        List<ObjectName> result = new ArrayList<>(live);
        for (int level = 0; level < 64; level++) {
            int wanted = level;
            List<ObjectName> full = result.stream()
                    .filter(name -> SegmentObject.level(name) == wanted)
                    .toList();
            if (full.size() < MERGED_FROM) {
                continue;
            }
            result.removeAll(full);
            result.add(held.merge(level + 1, full));
        }
        return result;
    }
}
