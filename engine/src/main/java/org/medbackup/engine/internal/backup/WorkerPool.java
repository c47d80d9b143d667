package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.Scheduling;

/**
 * Threads that turn files into chunks, each with its own buffers. Platform threads, since they wait inside the kernel and
 * burn the processor, and since I/O priority and scheduling belong to them.
 */
final class WorkerPool implements AutoCloseable {

    /** Tasks waiting behind each worker: enough to keep it busy, few enough to keep what is open small. */
    private static final int AHEAD = 4;

    private final ExecutorService threads;
    private final BlockingQueue<ChunkWorker> idle;
    private final List<ChunkWorker> workers = new ArrayList<>();
    private final Semaphore room;

    WorkerPool(int count, Supplier<ChunkWorker> maker) {
        idle = new ArrayBlockingQueue<>(count);
        room = new Semaphore(count * (1 + AHEAD));
        for (int i = 0; i < count; i++) {
            ChunkWorker worker = maker.get();
            workers.add(worker);
            idle.add(worker);
        }
        threads = Executors.newFixedThreadPool(count, Scheduling.background("backup-"));
    }

    /** Work for one worker. */
    @FunctionalInterface
    interface Task<T> {

        T run(ChunkWorker worker);
    }

    /** Hands a task over; waits while too many are waiting. */
    <T> Future<T> submit(Task<T> task) {
        try {
            room.acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for a worker", interrupted);
        }
        return threads.submit(() -> {
            ChunkWorker worker = idle.take();
            try {
                return task.run(worker);
            } finally {
                idle.add(worker);
                room.release();
            }
        });
    }

    /** Waits for a task's result, and passes its failure on. */
    static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while waiting for a worker", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw ErrorCode.INTERNAL.because("a worker failed", failed.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
        workers.forEach(ChunkWorker::close);
    }
}
