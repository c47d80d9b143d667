package org.medbackup.store.gcs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The objects of a bucket at a location that asks for locks. Nobody can delete a locked generation, but whoever has all
 * credentials can turn versions on and hide it behind a deletion or a newer generation. Names are made once, so that the oldest
 * generation of a name is the object, and what came after it is somebody else's. Safe for use by several threads.
 */
final class Generations {

    private static final int REMEMBERED = 4096;

    private final Lister lister;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    Generations(Lister lister) {
        this.lister = lister;
    }

    /** Lists all generations of what begins with a prefix, by their names, until somebody has enough. */
    @FunctionalInterface
    interface Lister {

        /** Hands each on while the visitor says true. */
        void list(String prefix, Predicate<Listing.Entry> visitor);
    }

    /** The generation of a name that is the object, empty where there is none. */
    Optional<String> of(String name) {
        String remembered = known.get(name);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<String> oldest = all(name).stream().findFirst();
        oldest.ifPresent(generation -> {
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            known.put(name, generation);
        });
        return oldest;
    }

    /** All generations of a name, the oldest first. */
    List<String> all(String name) {
        List<Listing.Entry> found = new ArrayList<>();
        lister.list(name, entry -> {
            // Names that go on behind this one come later.
            boolean isIt = entry.name().equals(name);
            if (isIt) {
                found.add(entry);
            }
            return isIt;
        });
        return found.stream().sorted(OLDEST).map(Listing.Entry::generation).toList();
    }

    private static final Comparator<Listing.Entry> OLDEST =
            Comparator.comparingLong(entry -> Long.parseUnsignedLong(entry.generation()));

    /** A name is there no more. */
    void forget(String name) {
        known.remove(name);
    }

    /** Visits the object of every name below a prefix, in the order of the names. */
    void list(String prefix, Consumer<Listing.Entry> visitor) {
        List<Listing.Entry> same = new ArrayList<>();
        lister.list(prefix, entry -> {
            if (!same.isEmpty() && !same.getFirst().name().equals(entry.name())) {
                hand(same, visitor);
            }
            same.add(entry);
            return true;
        });
        hand(same, visitor);
    }

    private static void hand(List<Listing.Entry> same, Consumer<Listing.Entry> visitor) {
        same.stream().min(OLDEST).ifPresent(visitor);
        same.clear();
    }
}
