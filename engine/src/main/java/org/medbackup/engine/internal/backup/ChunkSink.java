package org.medbackup.engine.internal.backup;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.index.IdTable;
import org.medbackup.engine.internal.index.Index;
import org.medbackup.engine.internal.index.PackRecord;
import org.medbackup.engine.internal.index.SegmentBuilder;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.pack.FinishedPack;
import org.medbackup.engine.internal.pack.PackBuilder;
import org.medbackup.engine.internal.pack.PackBuilder.Place;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.linux.Scheduling;

/**
 * Takes chunks from several threads: knows which are there already, keeps one open pack for each placement, stores full
 * packs while the next is being filled, and makes their entries findable.
 *
 * <p>Memory is bounded by the throttle's room: one pack filling for each placement, one being stored, and one that waits for
 * that. Where there is no room for another, the fullest is stored as it is. The ids of this run are
 * forgotten when a checkpoint has put them into the index.
 */
public final class ChunkSink implements AutoCloseable {

    private static final int CHECKPOINT_CHUNKS = 1 << 19;
    private static final int PUBLISH_PACKS = 64;

    private final ObjectStore store;
    private final KeyRing keys;
    private final byte[] ticket;
    private final SortedMap<Integer, HybridKem.Sealed> secrets;
    private final Index index;
    private final Entropy entropy;
    private final Throttle throttle;
    private final BackupCounters counters;
    private final Runnable afterEachPack;
    private final Runnable fence;
    private final byte[] repository;

    private final PackMemory memory;
    private final IdTable session = new IdTable();
    private final SortedMap<Target, PackBuilder> open = new TreeMap<>();
    private final SegmentBuilder finished = new SegmentBuilder();
    private final ReadWriteLock checkpoints = new ReentrantReadWriteLock();
    private final Semaphore storing = new Semaphore(1);
    private final ExecutorService storer = Executors.newSingleThreadExecutor(Scheduling.background("pack-store-"));
    private final List<Future<?>> pending = new ArrayList<>();
    private volatile @Nullable RuntimeException failure;
    private int packsSincePublish;
    /** Packs that are full and not stored yet; guarded by {@link #open}. */
    private int handed;

    /** Where chunks of one placement go. */
    private record Target(int domain, int placement, int generation) implements Comparable<Target> {

        /** So that the same run stores its packs in the same order each time: references, names, data. */
        private static final Comparator<Target> ORDER = Comparator.comparingInt(Target::domain)
                .reversed()
                .thenComparingInt(Target::placement)
                .thenComparingInt(Target::generation);

        @Override
        public int compareTo(Target other) {
            return ORDER.compare(this, other);
        }

        static Target of(Destination destination) {
            KeyDomain domain = destination.domain();
            return new Target(domain.id(), domain.placement(), destination.generation());
        }
    }

    /**
     * A sink of one ticket.
     *
     * @param secrets the ticket's secrets by domain
     * @param packLength how long packs grow
     * @param afterEachPack called when a pack has been stored
     * @param fence fails where the ticket is revoked
     */
    public ChunkSink(
            ObjectStore store,
            KeyRing keys,
            byte[] ticket,
            SortedMap<Integer, HybridKem.Sealed> secrets,
            Index index,
            Entropy entropy,
            Throttle throttle,
            BackupCounters counters,
            long packLength,
            Runnable afterEachPack,
            Runnable fence) {
        this.store = store;
        this.keys = keys;
        this.ticket = ticket.clone();
        this.secrets = secrets;
        this.index = index;
        this.entropy = entropy;
        this.throttle = throttle;
        this.counters = counters;
        this.memory = new PackMemory(throttle, packLength);
        this.afterEachPack = afterEachPack;
        this.fence = fence;
        this.repository = keys.repository();
    }

    /** Whether a chunk is stored or being stored. */
    public boolean isKnown(ChunkId id) {
        return session.contains(id) || index.contains(id);
    }

    /**
     * Stores a chunk unless it is there.
     *
     * @return whether it is new
     */
    public boolean store(ChunkId id, Destination destination, ChunkPreparation preparation) {
        checkFailure();
        if (session.size() >= CHECKPOINT_CHUNKS) {
            checkpoint(CHECKPOINT_CHUNKS);
        }
        checkpoints.readLock().lock();
        try {
            if (index.contains(id) || !session.add(id)) {
                return false;
            }
            int length = preparation.prepare();
            Place place = reserve(destination, length);
            try {
                preparation.seal(place);
            } catch (RuntimeException failed) {
                place.pack().abandon(place);
                throw failed;
            }
            return true;
        } finally {
            checkpoints.readLock().unlock();
        }
    }

    /** What is done with a chunk only when it is new. */
    public interface ChunkPreparation {

        /** Compresses it; gives the length of its record. */
        int prepare();

        /** Seals it into its place. */
        void seal(Place place);
    }

    private Place reserve(Destination destination, int length) {
        Target target = Target.of(destination);
        while (true) {
            checkFailure();
            PackBuilder full = null;
            synchronized (open) {
                PackBuilder pack = open.get(target);
                if (pack == null && handed <= 1) {
                    pack = begin(target, destination);
                }
                if (pack == null) {
                    full = handed == 0 ? fullest() : null;
                } else {
                    Place place = pack.reserve(length);
                    if (place != null) {
                        return place;
                    }
                    if (pack.isEmpty() && pack.used() == 0) {
                        throw ErrorCode.INTERNAL.because("a chunk is longer than a pack");
                    }
                    full = open.remove(target);
                }
                handed += full == null ? 0 : 1;
            }
            if (full == null) {
                memory.await();
            } else {
                hand(full);
            }
        }
    }

    /** Takes away the pack that has most in it, so that its memory serves another; null where none is open. */
    private @Nullable PackBuilder fullest() {
        Target target = open.entrySet().stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().used()))
                .map(Map.Entry::getKey)
                .orElse(null);
        return target == null ? null : open.remove(target);
    }

    /** A new pack for a placement; null where there is no memory now. */
    private @Nullable PackBuilder begin(Target target, Destination destination) {
        HybridKem.Sealed secret = secrets.get(target.domain());
        if (secret == null) {
            throw ErrorCode.INTERNAL.because("the ticket has no secret for a key domain");
        }
        MemorySegment room = memory.takeNow();
        if (room == null) {
            return null;
        }
        var pack = new PackBuilder(destination, repository, ticket, secret, room, entropy);
        open.put(target, pack);
        return pack;
    }

    /** Hands a full pack to the storing thread; waits while it is busy with the one before. */
    private void hand(PackBuilder pack) {
        try {
            storing.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            BackupException cancelled =
                    ErrorCode.CANCELLED.because("interrupted while waiting for the store", interrupted);
            // Its memory stays taken, since another thread may be filling it.
            failure = cancelled;
            throw cancelled;
        }
        Future<?> task = storer.submit(() -> {
            try {
                storePack(pack);
            } catch (RuntimeException failed) {
                failure = failed;
            } catch (InterruptedException interrupted) {
                failure = ErrorCode.CANCELLED.because("interrupted while storing", interrupted);
            } finally {
                stored(pack);
                storing.release();
            }
        });
        synchronized (pending) {
            pending.removeIf(Future::isDone);
            pending.add(task);
        }
    }

    private void stored(PackBuilder pack) {
        synchronized (open) {
            handed--;
        }
        memory.giveBack(pack.memory());
    }

    private void storePack(PackBuilder pack) throws InterruptedException {
        pack.seal();
        if (pack.isEmpty() || failure != null) {
            return;
        }
        byte[] indexKey = keys.indexKey();
        FinishedPack first = pack.finish(indexKey, entropy, throttle::pass);
        put(pack, first);
        for (int copy = 1; copy < first.kind().copies(); copy++) {
            put(pack, pack.finish(indexKey, entropy, throttle::pass));
        }
        afterEachPack.run();
        synchronized (finished) {
            packsSincePublish++;
            if (packsSincePublish >= PUBLISH_PACKS) {
                index.publish(finished, fence);
                packsSincePublish = 0;
            }
        }
    }

    private void put(PackBuilder builder, FinishedPack pack) {
        store.putIfAbsent(pack.name(), pack);
        counters.storedBytes.add(pack.length());
        var record = new PackRecord(
                pack.id(),
                pack.kind(),
                builder.domain().id(),
                builder.domain().placement(),
                pack.entries().size(),
                pack.length(),
                ticket);
        synchronized (finished) {
            finished.add(record, pack.entries());
        }
    }

    private void checkFailure() {
        RuntimeException failed = failure;
        if (failed instanceof BackupException backup) {
            throw backup;
        }
        if (failed != null) {
            throw ErrorCode.INTERNAL.because("storing a pack failed", failed);
        }
    }

    /** Stores all that is open, makes it findable, and forgets the ids of this run. */
    public void checkpoint() {
        checkpoint(0);
    }

    private void checkpoint(int fromSize) {
        checkpoints.writeLock().lock();
        try {
            if (session.size() < fromSize) {
                // Another thread has just done it.
                return;
            }
            List<PackBuilder> rest;
            synchronized (open) {
                rest = List.copyOf(open.values());
                open.clear();
                handed += rest.size();
            }
            rest.forEach(this::hand);
            awaitStored();
            checkFailure();
            synchronized (finished) {
                index.publish(finished, fence);
                packsSincePublish = 0;
            }
            session.clear();
        } finally {
            checkpoints.writeLock().unlock();
        }
    }

    private void awaitStored() {
        List<Future<?>> tasks;
        synchronized (pending) {
            tasks = List.copyOf(pending);
            pending.clear();
        }
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.because("interrupted while waiting for the store", interrupted);
            } catch (ExecutionException failed) {
                throw ErrorCode.INTERNAL.because("storing a pack failed", failed);
            }
        }
    }

    /** Stops; what was not stored is lost. The threads that fill it must have ended. */
    @Override
    public void close() {
        failure = failure == null ? ErrorCode.CANCELLED.because("the backup ended") : failure;
        synchronized (open) {
            open.clear();
        }
        storer.shutdownNow();
        storer.close();
        memory.close();
    }
}
