package org.medbackup.linux.snapshot;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** What was taken, and how each part of it is removed again. */
final class HeldSnapshot implements FileSystemSnapshots.Taken {

    private final String kind;
    private final Holding holding;
    private final List<Place> places;
    private final List<Means.Seen> seen = new ArrayList<>();
    private final Deque<Runnable> removals = new ArrayDeque<>();
    private boolean closed;

    HeldSnapshot(String kind, Holding holding, List<Place> places) {
        this.kind = kind;
        this.holding = holding;
        this.places = List.copyOf(places);
    }

    /** Something that has to be removed, before what was added earlier. */
    synchronized void removal(Runnable removal) {
        removals.push(removal);
    }

    synchronized void seen(Path was, Path now) {
        seen.add(new Means.Seen(was, now));
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public synchronized Path at(Path original) {
        Path real = real(original);
        Means.Seen best = null;
        for (Means.Seen each : seen) {
            if (real.startsWith(each.was())
                    && (best == null || each.was().getNameCount() > best.was().getNameCount())) {
                best = each;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("this path lies in no folder of the snapshot");
        }
        return best.now().resolve(best.was().relativize(real)).normalize();
    }

    private Path real(Path original) {
        for (Place place : places) {
            if (original.startsWith(place.original())) {
                return place.real()
                        .resolve(place.original().relativize(original))
                        .normalize();
            }
        }
        return original;
    }

    /** What cannot be removed stays to be removed: by another call, or by the next run. */
    @Override
    public synchronized void close() {
        while (!removals.isEmpty()) {
            removals.peek().run();
            removals.pop();
        }
        if (!closed) {
            closed = true;
            holding.close();
        }
    }
}
