package org.medbackup.engine.internal.place;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/**
 * The classes of placement of a repository, read when one is asked for, since most repositories have none. Whoever needs one that is not there makes it; of two who do so at once one finds
 * the other's. Safe for use by several threads.
 */
public final class PlacementClasses {

    private final ObjectStore store;
    private final KeyRing keys;
    private final Entropy entropy;
    private final Findings findings;
    private final Map<Integer, PlacementClass> known = new HashMap<>();
    private final Set<Integer> unreadable = new HashSet<>();

    private boolean read;

    /** Those of a repository; what is damaged is said and passed over. */
    public PlacementClasses(ObjectStore store, KeyRing keys, Entropy entropy, Findings findings) {
        this.store = store;
        this.keys = keys;
        this.entropy = entropy;
        this.findings = findings;
    }

    private void read() {
        if (!read) {
            refresh();
        }
    }

    private void refresh() {
        read = true;
        Map<Integer, ObjectName> names = new HashMap<>();
        store.list(
                PlacementClass.PREFIX,
                info -> PlacementClass.number(info.name()).ifPresent(number -> names.put(number, info.name())));
        names.keySet().removeAll(known.keySet());
        names.keySet().removeAll(unreadable);
        names.forEach((number, name) -> {
            try {
                known.put(number, PlacementClass.decode(number, store.readAll(name), keys));
            } catch (DamageException damaged) {
                unreadable.add(number);
                findings.add(name, damaged);
            }
        });
    }

    /** The class of a number; {@link PlacementClass#NONE} for 0, empty where nobody can tell. */
    public synchronized Optional<PlacementClass> of(int number) {
        if (number == 0) {
            return Optional.of(PlacementClass.NONE);
        }
        read();
        return Optional.ofNullable(known.get(number));
    }

    /**
     * The class in which a policy places data; made where there is none.
     *
     * @param keeping what is asked for its object
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#PLACEMENTS_EXHAUSTED}
     */
    public synchronized PlacementClass of(Placement placement, Keeping keeping) {
        Placement usual = Placement.DEFAULT;
        if (placement.tier().equals(usual.tier()) && placement.retentionClass().equals(usual.retentionClass())) {
            return PlacementClass.NONE;
        }
        read();
        while (true) {
            Optional<PlacementClass> found = known.values().stream()
                    .filter(each -> each.tier().equals(placement.tier())
                            && each.retention().equals(placement.retentionClass()))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            make(placement, keeping);
        }
    }

    private void make(Placement placement, Keeping keeping) {
        int number = 1;
        while (known.containsKey(number) || unreadable.contains(number)) {
            number++;
        }
        if (number > PlacementClass.LAST) {
            throw ErrorCode.PLACEMENTS_EXHAUSTED.because("a repository has " + PlacementClass.LAST + " at most");
        }
        var made = new PlacementClass(number, placement.tier(), placement.retentionClass());
        ObjectContent content = ObjectContent.of(made.encode(keys, entropy)).kept(keeping);
        if (store.putIfAbsent(PlacementClass.name(number), content) == PutOutcome.CREATED) {
            known.put(number, made);
        } else {
            refresh();
        }
    }
}
