package org.medbackup.store.azure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The objects of a container at a location that asks for locks. Nobody can delete a locked version, but whoever has all
 * credentials can delete what is current, which makes it a previous version, or put another over it. Names are made once, so
 * that the oldest version of a name is the object, and what came after it is somebody else's. Safe for use by several threads.
 */
final class Versions {

    private static final int REMEMBERED = 4096;
    private static final Comparator<Listing.Blob> OLDEST =
            Comparator.comparing(blob -> blob.version().time());

    private final Lister lister;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    Versions(Lister lister) {
        this.lister = lister;
    }

    /** Lists all versions of what begins with a prefix, by their names, until somebody has enough. */
    @FunctionalInterface
    interface Lister {

        /** Hands each on while the visitor says true. */
        void list(String prefix, Predicate<Listing.Blob> visitor);
    }

    /** The id of the version of a name that is the object, empty where there is none. */
    Optional<String> of(String name) {
        String remembered = known.get(name);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<String> oldest =
                all(name).stream().findFirst().map(each -> each.version().id());
        oldest.ifPresent(id -> {
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            known.put(name, id);
        });
        return oldest;
    }

    /** All versions of a name, the oldest first. */
    List<Listing.Blob> all(String name) {
        List<Listing.Blob> found = new ArrayList<>();
        lister.list(name, blob -> {
            // Names that go on behind this one come later.
            boolean isIt = blob.name().equals(name);
            if (isIt) {
                found.add(blob);
            }
            return isIt;
        });
        found.sort(OLDEST);
        return found;
    }

    /** A name is there no more. */
    void forget(String name) {
        known.remove(name);
    }

    /** Visits the object of every name below a prefix, in the order of the names. */
    void list(String prefix, Consumer<Listing.Blob> visitor) {
        List<Listing.Blob> same = new ArrayList<>();
        lister.list(prefix, blob -> {
            if (!same.isEmpty() && !same.getFirst().name().equals(blob.name())) {
                hand(same, visitor);
            }
            same.add(blob);
            return true;
        });
        hand(same, visitor);
    }

    private static void hand(List<Listing.Blob> same, Consumer<Listing.Blob> visitor) {
        same.stream().min(OLDEST).ifPresent(visitor);
        same.clear();
    }
}
