package org.medbackup.engine.internal.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;
import org.medbackup.engine.internal.log.Findings;

/**
 * Packs on which no new restore point may lean: a collector is about to delete them, or a verification has found that
 * they fail to give a chunk. A writer reads the lists after it has opened its ticket and before it reads the index, and
 * takes what is in these packs for absent; so it stores again what it needs of them. What a list says that cannot be read
 * is not known: a writer then leans on nobody's packs but its own, unless the collection of that list has ended (ADR 0031).
 */
public final class CondemnedPacks {

    /** The beginning of the names of the lists. */
    public static final String PREFIX = "g/";

    private static final String LABEL = "mb/condemned/v1";
    private static final int DIGITS = 16;

    /** Collections are counted one by one, so that a list which is ahead of the newest root by so many is nobody's. */
    private static final long FARTHEST_AHEAD = 1L << 32;

    private final Set<String> packs;
    private final Set<String> collected;
    private final List<ObjectName> unreadable;
    private final boolean anyList;

    private CondemnedPacks(
            Set<String> packs, Set<String> collected, Collection<ObjectName> unreadable, boolean anyList) {
        this.packs = Set.copyOf(packs);
        this.collected = Set.copyOf(collected);
        this.unreadable = List.copyOf(unreadable);
        this.anyList = anyList;
    }

    /** No list. */
    public static CondemnedPacks none() {
        return new CondemnedPacks(Set.of(), Set.of(), List.of(), false);
    }

    /**
     * All lists of a repository.
     *
     * @param findings takes those that are damaged
     */
    public static CondemnedPacks read(ObjectStore store, KeyRing keys, Findings findings) {
        var packs = new HashSet<String>();
        var collected = new HashSet<String>();
        var unreadable = new ArrayList<ObjectName>();
        List<ObjectName> lists = lists(store);
        for (ObjectName list : lists) {
            try {
                Set<String> listed = decode(store.readAll(list), list, keys);
                packs.addAll(listed);
                if (isCollection(list)) {
                    collected.addAll(listed);
                }
            } catch (DamageException damaged) {
                if (damaged.code() != ErrorCode.OBJECT_MISSING) {
                    findings.add(list, damaged);
                    unreadable.add(list);
                }
                // A missing one has been removed by a collector since it was listed, and the packs before that.
            }
        }
        return new CondemnedPacks(packs, collected, unreadable, !lists.isEmpty());
    }

    /** The names of all lists; what else lies there is not ours. */
    public static List<ObjectName> lists(ObjectStore store) {
        var lists = new ArrayList<ObjectName>();
        store.list(PREFIX, info -> {
            String digits = info.name().text().substring(PREFIX.length());
            if (digits.length() == DIGITS && digits.chars().allMatch(HexFormat::isHexDigit)) {
                lists.add(info.name());
            }
        });
        return lists;
    }

    /**
     * Adds a list of packs that fail to give a chunk.
     *
     * @param ids of 32 bytes each; those that are listed already are left out
     * @param findings takes lists that are damaged
     */
    public static void add(
            ObjectStore store, KeyRing keys, Entropy entropy, Collection<byte[]> ids, Findings findings) {
        if (ids.isEmpty()) {
            return;
        }
        CondemnedPacks listed = read(store, keys, findings);
        List<byte[]> fresh = ids.stream()
                .filter(id -> !listed.packs.contains(HexFormat.of().formatHex(id)))
                .toList();
        if (fresh.isEmpty()) {
            return;
        }
        ObjectName name;
        do {
            long last = lists(store).stream()
                    .filter(list -> !isCollection(list))
                    .mapToLong(CondemnedPacks::number)
                    .max()
                    .orElse(-1);
            name = name(last + 1);
        } while (store.putIfAbsent(name, ObjectContent.of(encode(fresh, name, keys, entropy))) == PutOutcome.EXISTED);
    }

    private static long number(ObjectName name) {
        return Long.parseUnsignedLong(name.text().substring(PREFIX.length()), 16);
    }

    /** Whether a list is a collector's: its packs are about to be deleted. The others are those of verifications. */
    public static boolean isCollection(ObjectName list) {
        return number(list) < 0;
    }

    /** The number of the collection that a collector's list belongs to. */
    public static long collection(ObjectName list) {
        return number(list) & Long.MAX_VALUE;
    }

    /** The name of a collector's list: the highest bit of its number is set. */
    public static ObjectName collectionName(long collection) {
        return name(collection | Long.MIN_VALUE);
    }

    /** Whether there is a list. */
    public boolean anyList() {
        return anyList;
    }

    /** Whether nothing is condemned, as far as the lists can be read. */
    public boolean isEmpty() {
        return packs.isEmpty();
    }

    /** Lists of verifications that cannot be read. */
    public List<ObjectName> unreadable() {
        return unreadable.stream().filter(list -> !isCollection(list)).toList();
    }

    /** Whether a collector's list cannot be read, so that it is not known what is about to be deleted. */
    public boolean hasUnreadableCollection() {
        return unreadable.stream().anyMatch(CondemnedPacks::isCollection);
    }

    /**
     * The same for whoever knows what collections have decided, where their lists cannot be read.
     *
     * @param decided packs that were taken away, in hexadecimal digits
     */
    public CondemnedPacks knowing(Set<String> decided) {
        var all = new HashSet<>(packs);
        all.addAll(decided);
        var gone = new HashSet<>(collected);
        gone.addAll(decided);
        return new CondemnedPacks(all, gone, unreadable(), anyList);
    }

    /**
     * Whether any pack at all may be condemned: a list cannot be read, and it has not ended. One of a collection has ended
     * when the index does not name what it took away.
     *
     * @param collection of the index root that was read after the lists
     */
    public boolean mayCondemnAny(long collection) {
        return !unreadable().isEmpty() || mayDeleteAny(collection);
    }

    /** Whether any pack at all may be about to be deleted; the same of collectors' lists alone. */
    public boolean mayDeleteAny(long collection) {
        return unreadable.stream().anyMatch(list -> isOpen(list, collection));
    }

    /** Whether all of these packs, in hexadecimal digits, are a collector's. */
    public boolean areCollected(Collection<String> ids) {
        return collected.containsAll(ids);
    }

    /**
     * Whether a collector's list is one of a collection that has not ended.
     *
     * @param collection of the newest index root
     */
    public static boolean isOpen(ObjectName list, long collection) {
        return isCollection(list) && collection(list) > collection && !isStray(list, collection);
    }

    /**
     * Whether no collector can have put a list, by its number.
     *
     * @param collection of the newest index root
     */
    public static boolean isStray(ObjectName list, long collection) {
        return isCollection(list) && collection(list) - FARTHEST_AHEAD > collection;
    }

    /** Whether a pack is to be taken for absent. */
    public boolean contains(PackRecord pack) {
        return contains(pack.id());
    }

    /** Whether a pack is to be taken for absent. */
    public boolean contains(byte[] pack) {
        return packs.contains(HexFormat.of().formatHex(pack));
    }

    /** Whether a collector is about to delete a pack. */
    public boolean isCollected(byte[] pack) {
        return collected.contains(HexFormat.of().formatHex(pack));
    }

    /** The name of a list. */
    public static ObjectName name(long number) {
        return ObjectName.of(PREFIX + String.format(Locale.ROOT, "%016x", number));
    }

    /** The bytes of a list; the ids are 32 bytes each. */
    public static byte[] encode(Iterable<byte[]> ids, ObjectName name, KeyRing keys, Entropy entropy) {
        var body = new ByteWriter();
        ids.forEach(body::raw);
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.CONDEMNED, keys.repository(), sealed);
    }

    /**
     * Reads a list.
     *
     * @return ids of its packs, in hexadecimal digits
     */
    public static Set<String> decode(byte[] object, ObjectName name, KeyRing keys) {
        try {
            byte[] sealed = Envelope.unwrap(Envelope.Kind.CONDEMNED, keys.repository(), object);
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            var packs = new HashSet<String>();
            while (!in.atEnd()) {
                packs.add(HexFormat.of().formatHex(in.raw(Crypto.KEY)));
            }
            return packs;
        } catch (UnauthenticException | MalformedException wrong) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("it is not the list of its name", wrong)
                    .with("object", name);
        }
    }
}
