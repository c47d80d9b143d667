package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.index.Location;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.read.OpenPack;
import org.medbackup.engine.internal.tree.Extent;

/** Threads that fetch ranges of packs, open the chunks in them and hand their parts to the files. */
final class FetchPool implements AutoCloseable {

    private static final int AHEAD = 2;
    private static final int COMPARED_AT_ONCE = 16;

    private final ChunkReader reader;
    private final ExecutorService threads;
    private final Semaphore room;
    private final List<Future<?>> pending = new ArrayList<>();

    FetchPool(ChunkReader reader, int count) {
        this.reader = reader;
        this.room = new Semaphore(count * (1 + AHEAD));
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("restore-", 1).factory());
    }

    /** Fetches everything, and waits until it has been handed over. */
    void run(List<Fetch> fetches) {
        for (Fetch fetch : fetches) {
            submit(fetch);
        }
        for (Future<?> task : pending) {
            await(task);
        }
        pending.clear();
    }

    /** Which runs of a file have to come; what may be at the target already is compared by several threads. */
    List<Extent> missing(RestoredFile file, List<Extent> extents) {
        if (!file.mayKeep()) {
            return extents;
        }
        if (extents.size() <= COMPARED_AT_ONCE) {
            return file.missing(extents);
        }
        var parts = new ArrayList<Future<List<Extent>>>();
        for (int from = 0; from < extents.size(); from += COMPARED_AT_ONCE) {
            List<Extent> part = extents.subList(from, Math.min(extents.size(), from + COMPARED_AT_ONCE));
            parts.add(threads.submit(() -> file.missing(part)));
        }
        var missing = new ArrayList<Extent>();
        parts.forEach(part -> missing.addAll(await(part)));
        return missing;
    }

    private void submit(Fetch fetch) {
        try {
            room.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while restoring", interrupted);
        }
        pending.add(threads.submit(() -> {
            try {
                fetch(fetch);
            } finally {
                room.release();
            }
        }));
    }

    private static <T> T await(Future<T> task) {
        try {
            return task.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while restoring", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw ErrorCode.INTERNAL.because("a worker failed", failed.getCause());
        }
    }

    private void fetch(Fetch fetch) {
        byte[] range = null;
        OpenPack pack = null;
        try {
            pack = reader.open(fetch.pack());
            range = reader.fetch(pack, fetch.offset(), fetch.length());
        } catch (DamageException damaged) {
            // Each chunk is looked for elsewhere.
        }
        for (Fetch.Wanted chunk : fetch.chunks()) {
            byte[] plain = null;
            if (pack != null && range != null) {
                plain = open(pack, chunk, range, fetch.offset());
            }
            hand(chunk, plain);
        }
    }

    private byte @org.jspecify.annotations.Nullable [] open(
            OpenPack pack, Fetch.Wanted chunk, byte[] range, long start) {
        Location place = chunk.place();
        try {
            PackEntry entry = reader.entry(pack, place, chunk.id());
            return reader.open(pack, entry, range, (int) (place.offset() - start));
        } catch (DamageException damaged) {
            return null;
        }
    }

    /** Hands a chunk over; one that did not open is looked for in every pack that has it. */
    private void hand(Fetch.Wanted chunk, byte @org.jspecify.annotations.Nullable [] plain) {
        try {
            byte[] bytes = plain == null ? reader.read(chunk.id()) : plain;
            for (Fetch.Use use : chunk.uses()) {
                if (use.chunkOffset() + use.length() > bytes.length) {
                    use.file().miss(ErrorCode.OBJECT_DAMAGED.because("an extent goes beyond its chunk"));
                } else {
                    use.file().write(use.fileOffset(), bytes, (int) use.chunkOffset(), (int) use.length());
                }
            }
        } catch (BackupException missing) {
            chunk.uses().forEach(use -> use.file().miss(missing));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
