package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.internal.place.Destination;

/** Small files of one placement that will share a chunk. Used by the thread of the walk only. */
final class Bundle {

    private final Destination destination;
    private final List<SmallFile> files = new ArrayList<>();
    private long bytes;
    private @Nullable Future<List<SmallFile.Read>> results;

    Bundle(Destination destination) {
        this.destination = destination;
    }

    Destination destination() {
        return destination;
    }

    /** How many files it has. */
    int count() {
        return files.size();
    }

    /** Their bytes, as their folders tell. */
    long bytes() {
        return bytes;
    }

    /** Adds a file; gives its place. */
    int add(SmallFile file) {
        files.add(file);
        bytes += file.seen.size();
        return files.size() - 1;
    }

    SmallFile file(int place) {
        return files.get(place);
    }

    boolean isSubmitted() {
        return results != null;
    }

    /** Has it read by a worker, once. */
    void submit(WorkerPool pool, AttributeReader attributes) {
        if (results == null) {
            var reader = new BundleReader(attributes, destination);
            results = pool.submit(worker -> reader.read(worker, files));
        }
    }

    boolean isDone() {
        return results != null && results.isDone();
    }

    /** What became of a file; waits for it. */
    SmallFile.Read result(int place) {
        if (results == null) {
            throw new IllegalStateException("the bundle was not handed over");
        }
        return WorkerPool.await(results).get(place);
    }
}
