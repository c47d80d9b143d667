package org.medbackup.engine.internal.place;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;

/** Finds out where the packs of a placement go. Safe for use by several threads. */
public final class Destinations {

    private final KeyRing keys;
    private final int generation;
    private final PlacementClasses classes;
    private final Map<Placement, Destination> known = new ConcurrentHashMap<>();

    /**
     * Those of one backup.
     *
     * @param policy that places
     */
    public Destinations(KeyRing keys, PlacementPolicy policy, PlacementClasses classes) {
        this.keys = keys;
        this.generation = policy.lockGeneration();
        this.classes = classes;
    }

    /**
     * Where data of a placement goes.
     *
     * @throws org.medbackup.core.error.UsageException with {@link org.medbackup.core.error.ErrorCode#KEY_DOMAIN_UNKNOWN}
     */
    public Destination of(Placement placement) {
        Destination found = known.get(placement);
        if (found == null) {
            found = find(placement);
            known.put(placement, found);
        }
        return found;
    }

    private Destination find(Placement placement) {
        KeyDomain domain = keys.domain(KeyDomain.Kind.DATA, placement.keyDomain());
        if (placement.equals(Placement.DEFAULT)) {
            return new Destination(domain, 0, "");
        }
        PlacementClass in = classes.of(placement, Destination.keeping("", generation));
        return new Destination(domain.inClass(in.number()), placement.lockGeneration(), in.tier());
    }

    /** Where what every restore point needs goes: names, references. */
    public Destination base(KeyDomain domain) {
        return new Destination(domain, generation, "");
    }
}
