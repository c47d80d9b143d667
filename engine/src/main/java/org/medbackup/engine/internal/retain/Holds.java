package org.medbackup.engine.internal.retain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.internal.keys.KeyRing;

/**
 * The legal holds that stand. Immutable.
 *
 * @param standing in the order in which they were placed
 */
public record Holds(List<LegalHold> standing) {

    public Holds {
        standing = List.copyOf(standing);
    }

    /**
     * Reads all of them. One that cannot be read may cover anything, so that it is an error and not a finding.
     *
     * @throws DamageException with {@link ErrorCode#HOLDS_UNREADABLE}
     */
    public static Holds read(ObjectStore store, KeyRing keys) {
        var names = new ArrayList<ObjectName>();
        store.list(HoldRecord.PREFIX, info -> {
            // What else lies there, as somebody's copy, is not ours.
            if (HoldRecord.isName(info.name())) {
                names.add(info.name());
            }
        });
        names.sort(Comparator.naturalOrder());
        Map<String, LegalHold> placed = new LinkedHashMap<>();
        Set<String> released = new HashSet<>();
        for (ObjectName name : names) {
            HoldRecord each = read(store, name, keys);
            if (each.isRelease()) {
                released.add(each.hold().id());
            } else {
                placed.put(each.hold().id(), each.hold());
            }
        }
        placed.keySet().removeAll(released);
        return new Holds(List.copyOf(placed.values()));
    }

    private static HoldRecord read(ObjectStore store, ObjectName name, KeyRing keys) {
        try {
            return HoldRecord.decode(store.readAll(name), name, keys);
        } catch (DamageException damaged) {
            throw ErrorCode.HOLDS_UNREADABLE
                    .because("one of them does not open: " + damaged.code(), damaged)
                    .with("object", name);
        }
    }

    /** The first that covers a restore point; empty where none does. */
    public Optional<LegalHold> covering(Snapshot snapshot) {
        return standing.stream()
                .filter(each -> each.selector().covers(snapshot))
                .findFirst();
    }

    /** The first that may cover a restore point of which nobody can read what it is. */
    public Optional<LegalHold> coveringUnread(String id) {
        return standing.stream()
                .filter(each -> each.selector().snapshots().isEmpty()
                        || each.selector().snapshots().contains(id))
                .findFirst();
    }
}
