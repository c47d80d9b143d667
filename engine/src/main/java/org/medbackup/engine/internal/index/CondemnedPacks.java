package org.medbackup.engine.internal.index;

import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.medbackup.core.Entropy;
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

/**
 * Packs on which no new restore point may lean: a collector is about to delete them, or a verification has found that
 * they fail to give a chunk. A writer reads the lists after it has opened its ticket and before it reads the index, and
 * takes what is in these packs for absent; so it stores again what it needs of them.
 */
public final class CondemnedPacks {

    /** The beginning of the names of the lists. */
    public static final String PREFIX = "g/";

    private static final String LABEL = "mb/condemned/v1";

    private final Set<String> packs;
    private final boolean anyList;

    private CondemnedPacks(Set<String> packs, boolean anyList) {
        this.packs = packs;
        this.anyList = anyList;
    }

    /** No list. */
    public static CondemnedPacks none() {
        return new CondemnedPacks(Set.of(), false);
    }

    /** All lists of a repository. */
    public static CondemnedPacks read(ObjectStore store, KeyRing keys) {
        var packs = new HashSet<String>();
        var lists = new java.util.ArrayList<ObjectName>();
        store.list(PREFIX, info -> lists.add(info.name()));
        for (ObjectName list : lists) {
            packs.addAll(decode(store.readAll(list), list, keys));
        }
        return new CondemnedPacks(Set.copyOf(packs), !lists.isEmpty());
    }

    /**
     * Adds a list of packs.
     *
     * @param ids of 32 bytes each; those that are listed already are left out
     */
    public static void add(ObjectStore store, KeyRing keys, Entropy entropy, Collection<byte[]> ids) {
        if (ids.isEmpty()) {
            return;
        }
        CondemnedPacks listed = read(store, keys);
        List<byte[]> fresh = ids.stream()
                .filter(id -> !listed.packs.contains(HexFormat.of().formatHex(id)))
                .toList();
        if (fresh.isEmpty()) {
            return;
        }
        ObjectName name;
        do {
            var last = new AtomicLong(-1);
            store.list(PREFIX, info -> last.accumulateAndGet(number(info.name()), Math::max));
            name = name(last.get() + 1);
        } while (store.putIfAbsent(name, ObjectContent.of(encode(fresh, name, keys, entropy))) == PutOutcome.EXISTED);
    }

    private static long number(ObjectName name) {
        return Long.parseUnsignedLong(name.text().substring(PREFIX.length()), 16);
    }

    /** Whether there is a list. */
    public boolean anyList() {
        return anyList;
    }

    public boolean isEmpty() {
        return packs.isEmpty();
    }

    /** Whether a pack is to be taken for absent. */
    public boolean contains(PackRecord pack) {
        return packs.contains(HexFormat.of().formatHex(pack.id()));
    }

    /** The name of a list. */
    public static ObjectName name(long number) {
        return ObjectName.of(PREFIX + String.format(Locale.ROOT, "%016x", number));
    }

    /** The bytes of a list; the ids are 32 bytes each. */
    public static byte[] encode(Iterable<byte[]> ids, ObjectName name, KeyRing keys, Entropy entropy) {
        var body = new ByteWriter();
        ids.forEach(body::raw);
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, context(keys, name), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.CONDEMNED, keys.repository(), sealed);
    }

    private static byte[] context(KeyRing keys, ObjectName name) {
        return new ByteWriter().raw(keys.repository()).text(name.text()).toBytes();
    }

    private static Set<String> decode(byte[] object, ObjectName name, KeyRing keys) {
        try {
            byte[] sealed = Envelope.unwrap(Envelope.Kind.CONDEMNED, keys.repository(), object);
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, context(keys, name), sealed));
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
