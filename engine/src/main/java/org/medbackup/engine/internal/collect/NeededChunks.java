package org.medbackup.engine.internal.collect;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.IndexMarks;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.ReferencePage;

/**
 * Marks what restore points need, by their reference pages alone: no name and no data is read. Pages that restore points
 * share are read once. Used by one thread.
 */
final class NeededChunks {

    private final ChunkReader reader;
    private final IndexMarks marks;
    private final Runnable pulse;

    /**
     * A marker.
     *
     * @param pulse called now and then
     */
    NeededChunks(ChunkReader reader, Runnable pulse) {
        this.reader = reader;
        this.marks = reader.index().marks();
        this.pulse = pulse;
    }

    /**
     * Marks what all restore points need, and what is being read, in a new set of marks.
     *
     * @param pins root reference pages of what is being read
     * @param pulse called now and then
     */
    static IndexMarks in(
            RepositoryCore core,
            Index index,
            Findings findings,
            Slots slots,
            Collection<ChunkId> pins,
            Runnable pulse) {
        try (var reader = new ChunkReader(core, index, findings)) {
            return new NeededChunks(reader, pulse).mark(slots, pins);
        }
    }

    /**
     * Marks what all restore points need, and what is being read.
     *
     * @throws DamageException with {@link ErrorCode#COLLECTION_STOPPED} where anything needed for that cannot be read
     */
    IndexMarks mark(Slots slots, Collection<ChunkId> pins) {
        slots.each(manifest -> follow(manifest.open().references(), manifest.text()), (id, damaged) -> {
            throw stopped(damaged).with("snapshot", id);
        });
        pins.forEach(pin -> follow(pin, "being read"));
        return marks;
    }

    private static DamageException stopped(Exception cause) {
        return (DamageException) ErrorCode.COLLECTION_STOPPED.because("what it needs cannot be read", cause);
    }

    private void follow(ChunkId root, String snapshot) {
        Deque<ChunkId> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            ChunkId id = open.pop();
            if (marks.mark(id)) {
                pulse.run();
                ReferencePage page = read(id, snapshot);
                marks.mark(page.page());
                page.chunks().forEach(marks::mark);
                page.children().forEach(open::push);
            }
        }
    }

    private ReferencePage read(ChunkId id, String snapshot) {
        try {
            return ReferencePage.decode(reader.read(id));
        } catch (DamageException | MalformedException damaged) {
            throw stopped(damaged).with("snapshot", snapshot);
        }
    }
}
