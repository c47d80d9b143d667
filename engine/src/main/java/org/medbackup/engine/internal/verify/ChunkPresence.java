package org.medbackup.engine.internal.verify;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Location;

/** Which chunks some pack gives, and what it costs where none does. Used by one thread. */
final class ChunkPresence {

    private final Function<ChunkId, List<Location>> places;
    private final Damages damages;
    private final IdTable present = new IdTable();
    private final LongAdder count = new LongAdder();

    /**
     * Knows nothing yet.
     *
     * @param places finds all places of a chunk
     */
    ChunkPresence(Function<ChunkId, List<Location>> places, Damages damages) {
        this.places = places;
        this.damages = damages;
    }

    /** How many chunks were found. */
    long found() {
        return count.sum();
    }

    /** Another one was found. */
    void count() {
        count.increment();
    }

    /** Whether some pack gives a chunk. */
    boolean isGiven(ChunkId id) {
        if (present.contains(id)) {
            return true;
        }
        boolean given = false;
        for (Location place : places.apply(id)) {
            given |= !damages.failsToGive(place.pack().name(), id);
        }
        if (given) {
            count();
            present.add(id);
        }
        return given;
    }

    /**
     * A restore point has lost a chunk.
     *
     * @param path what cannot be restored without it, or null where that is not known
     */
    void lose(ChunkId id, String snapshot, @Nullable String path) {
        List<Location> found = places.apply(id);
        if (found.isEmpty()) {
            ObjectName name = ObjectName.of("chunk/" + id);
            damages.add(name, ErrorCode.CHUNK_MISSING, "the index knows no pack that has it");
            damages.addChunk(name, id);
        }
        for (Location place : found) {
            damages.addChunk(place.pack().name(), id);
        }
        damages.charge(id, snapshot, path);
    }
}
