package org.medbackup.linux.snapshot;

import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.Deadline;

/** One kind of snapshot. */
interface Means {

    String kind();

    /** Whether a place lies on something of this kind. */
    boolean serves(Place place);

    /** Why it cannot be, empty where it can. */
    String obstacle(List<Place> places, Deadline deadline);

    /** Whether the snapshot of these places is of one instant. */
    boolean isAtomic(List<Place> places, Deadline deadline);

    /** Takes it; what was taken when it fails is removed by the caller. */
    void take(List<Place> places, Name name, HeldSnapshot into, Deadline deadline);

    /** The snapshots of these places that a name covers. */
    List<Found> find(List<Place> places, Name name, Deadline deadline);

    /**
     * A snapshot that is there.
     *
     * @param name its run's
     * @param removal removes it
     */
    record Found(String name, Runnable removal) {}

    /**
     * Where what was at one place is seen as it was.
     *
     * @param was a real folder
     * @param now the same in the snapshot
     */
    record Seen(Path was, Path now) {}
}
