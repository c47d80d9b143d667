package org.medbackup.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.medbackup.core.event.BackupEvent;

/**
 * Brings the events of many threads to the one that owns the trail's files; what has gathered while it wrote is written
 * at once. An interrupted caller waits all the same, and its interruption cannot close the files. Safe for use by several
 * threads.
 */
final class GroupCommit implements AutoCloseable {

    /** What is to be recorded, and whose thread waits. */
    record Waiting(Recorded what, CompletableFuture<Void> done) {}

    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final Consumer<List<Waiting>> writer;
    private final ExecutorService owner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("medbackup-audit").factory());

    GroupCommit(Consumer<List<Waiting>> writer) {
        this.writer = writer;
    }

    /** Returns when the event is durable. */
    void append(BackupEvent event) {
        append(List.of(new Recorded.Event(event)));
    }

    /** Returns when all of them are durable, which are written in this order. */
    void append(List<Recorded> all) {
        List<Waiting> waiting = all.stream()
                .map(each -> new Waiting(each, new CompletableFuture<>()))
                .toList();
        queue.addAll(waiting);
        try {
            owner.execute(this::drain);
        } catch (RejectedExecutionException closed) {
            throw new IllegalStateException("the audit trail is closed", closed);
        }
        waiting.forEach(each -> join(each.done()));
    }

    private void drain() {
        var batch = new ArrayList<Waiting>();
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            batch.add(next);
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            writer.accept(batch);
            batch.forEach(each -> each.done().complete(null));
        } catch (RuntimeException | Error failed) {
            batch.forEach(each -> each.done().completeExceptionally(failed));
        }
    }

    /** Runs something in the thread that owns the files. */
    <T> T call(Callable<T> work) {
        var done = new CompletableFuture<T>();
        try {
            owner.execute(() -> {
                try {
                    done.complete(work.call());
                } catch (Exception | Error failed) {
                    done.completeExceptionally(failed);
                }
            });
        } catch (RejectedExecutionException closed) {
            throw new IllegalStateException("the audit trail is closed", closed);
        }
        return join(done);
    }

    private static <T> T join(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    @Override
    public void close() {
        owner.shutdown();
    }
}
