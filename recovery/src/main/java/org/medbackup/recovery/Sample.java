package org.medbackup.recovery;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.Entry;

/** A draw of a restore point's files: stretches of small ones, and some large ones. Memory is bounded. */
final class Sample {

    /** Files of at least this size are taken for large, in bytes. */
    static final int LARGE = 256 * 1024;

    /** Small files that follow each other. */
    static final int STRETCH = 250;

    private static final int STRETCHES = 4;
    private static final long LARGE_BYTES = 48L << 20;
    private static final long LARGEST = 256L << 20;

    private final RandomGenerator random;
    private final List<List<Entry>> stretches = new ArrayList<>();
    private final List<Entry> large = new ArrayList<>();
    private List<Entry> stretch = new ArrayList<>();
    private long seen;
    private long largeBytes;
    private @Nullable Entry smallestHuge;

    Sample(RandomGenerator random) {
        this.random = random;
    }

    /** Takes the next entry in the order of paths. */
    void add(Entry entry) {
        if (entry.type() != Entry.Type.FILE) {
            return;
        }
        if (entry.size() < LARGE) {
            stretch.add(entry);
            if (stretch.size() == STRETCH) {
                keep();
            }
        } else if (entry.size() <= LARGEST) {
            if (largeBytes < LARGE_BYTES) {
                large.add(entry);
                largeBytes += entry.size();
            }
        } else if (smallestHuge == null || entry.size() < smallestHuge.size()) {
            smallestHuge = entry;
        }
    }

    /** No further entry comes. */
    void end() {
        if (!stretch.isEmpty() && stretches.size() < STRETCHES) {
            keep();
        }
        if (large.isEmpty() && smallestHuge != null) {
            // Slow to probe, but without it nothing would be known of what a byte costs.
            large.add(smallestHuge);
        }
    }

    /** Each stretch has the same chance (Vitter's algorithm R). */
    private void keep() {
        seen++;
        if (stretches.size() < STRETCHES) {
            stretches.add(stretch);
        } else {
            long place = random.nextLong(seen);
            if (place < STRETCHES) {
                stretches.set((int) place, stretch);
            }
        }
        stretch = new ArrayList<>();
    }

    List<Entry> small() {
        return stretches.stream().flatMap(List::stream).toList();
    }

    List<Entry> large() {
        return List.copyOf(large);
    }

    static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::size).sum();
    }
}
