package org.medbackup.engine.internal.index;

import java.util.List;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/** Finds the newest index root, and says what can be said of one that is damaged. Safe for use by several threads. */
final class RootReader {

    private final ObjectStore store;
    private final KeyRing keys;
    private final Findings findings;

    /**
     * A reader.
     *
     * @param findings takes what was damaged
     */
    RootReader(ObjectStore store, KeyRing keys, Findings findings) {
        this.store = store;
        this.keys = keys;
        this.findings = findings;
    }

    /**
     * The newest root.
     *
     * @param root as it was read; where it could not be, one of its number that names nothing, on which the next is built
     */
    record Newest(IndexRoot root, boolean isReadable) {}

    /** The newest root as it stands now. */
    Newest newest() {
        List<ObjectName> names = IndexRoot.names(store);
        if (names.isEmpty()) {
            findings.add(IndexRoot.name(1), ErrorCode.OBJECT_MISSING);
            return new Newest(IndexRoot.first(), false);
        }
        ObjectName newest = names.getLast();
        try {
            return new Newest(IndexRoot.decode(store.readAll(newest), newest, keys), true);
        } catch (DamageException damaged) {
            findings.add(newest, damaged);
            long number = Long.parseUnsignedLong(newest.text().substring(IndexRoot.PREFIX.length()), 16);
            return new Newest(new IndexRoot(number, highestCount(number, names), List.of()), false);
        }
    }

    /**
     * The count of collections is lost with a root. Each root counts one at the most, so that this one is above every
     * count there can have been, and no cache that remembers one takes the repaired index for the one it knew.
     */
    private long highestCount(long number, List<ObjectName> names) {
        for (ObjectName older : names.reversed().subList(1, names.size())) {
            try {
                IndexRoot readable = IndexRoot.decode(store.readAll(older), older, keys);
                return Math.max(number, readable.collection() + number - readable.number() + 1);
            } catch (DamageException next) {
                findings.add(older, next);
            }
        }
        return number;
    }
}
