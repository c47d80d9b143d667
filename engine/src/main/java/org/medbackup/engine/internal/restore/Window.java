package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.Extent;

/**
 * A stretch of the restore that is planned as one: what its files need, chunk by chunk. Bounded, so that memory is,
 * whatever the size of the restore; used by one thread.
 */
final class Window {

    private static final int MOST_USES = 1 << 16;

    private final ChunkReader reader;
    private final Map<ChunkId, Fetch.Wanted> chunks = new LinkedHashMap<>();
    private int uses;

    Window(ChunkReader reader) {
        this.reader = reader;
    }

    /** A file needs a run; false where its chunk is nowhere, which the file has been told. */
    boolean add(RestoredFile file, Extent extent) {
        file.expect();
        Fetch.Wanted wanted = chunks.get(extent.chunk());
        if (wanted == null) {
            Optional<Location> place = reader.place(extent.chunk());
            if (place.isEmpty()) {
                file.miss(ErrorCode.CHUNK_MISSING.because("the index does not know a chunk of it"));
                return false;
            }
            wanted = new Fetch.Wanted(extent.chunk(), place.get());
            chunks.put(extent.chunk(), wanted);
        }
        wanted.uses().add(new Fetch.Use(file, extent.fileOffset(), extent.length(), extent.chunkOffset()));
        uses++;
        return true;
    }

    boolean isFull() {
        return uses >= MOST_USES;
    }

    /** The reads that it takes; the window is empty afterwards. */
    List<Fetch> take() {
        List<Fetch> fetches = Fetch.plan(new ArrayList<>(chunks.values()));
        chunks.clear();
        uses = 0;
        return fetches;
    }
}
