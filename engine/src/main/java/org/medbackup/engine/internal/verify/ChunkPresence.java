package org.medbackup.engine.internal.verify;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.Location;

/** Which chunks some pack gives, and what it costs where none does. Used by one thread. */
final class ChunkPresence {

    private final Index index;
    private final Damages damages;
    private final IdTable present = new IdTable();
    private final LongAdder found = new LongAdder();

    ChunkPresence(Index index, Damages damages) {
        this.index = index;
        this.damages = damages;
    }

    /** How many chunks were found. */
    long found() {
        return found.sum();
    }

    /** Another one was found. */
    void count() {
        found.increment();
    }

    /** Whether some pack gives a chunk. */
    boolean isGiven(ChunkId id) {
        if (present.contains(id)) {
            return true;
        }
        boolean given = false;
        for (Location place : index.locate(id)) {
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
        List<Location> places = index.locate(id);
        if (places.isEmpty()) {
            ObjectName name = ObjectName.of("chunk/" + id);
            damages.add(name, ErrorCode.CHUNK_MISSING, "the index knows no pack that has it");
            damages.addChunk(name, id);
        }
        for (Location place : places) {
            damages.addChunk(place.pack().name(), id);
        }
        damages.charge(id, snapshot, path);
    }
}
