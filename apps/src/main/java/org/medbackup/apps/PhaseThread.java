package org.medbackup.apps;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The thread on which an application is called, so that a call that hangs can be given up: it is interrupted first, and
 * left behind when it does not come back within a grace period. The next call then has another thread.
 *
 * <p>Used by one thread. An interrupt of that thread ends the call in hand; it is remembered, and set again by
 * {@link #close}, so that what has to follow can still be called.
 */
final class PhaseThread implements AutoCloseable {

    /** How long a call may take to come back after it was interrupted. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final TimeSource time;
    private ExecutorService worker = newWorker();
    private boolean interrupted;

    PhaseThread(TimeSource time) {
        this.time = time;
    }

    /**
     * One call.
     *
     * @param step its name in failures
     * @param limit how long it may take, or null for no limit
     * @param grace how long it may take to come back when it is given up
     * @param heedsInterrupts whether an interrupt of the caller ends it
     */
    record Call(String step, @Nullable Duration limit, Duration grace, boolean heedsInterrupts) {}

    private enum GivenUp {
        LATE,
        CANCELLED
    }

    <T extends @Nullable Object> T run(Call call, Supplier<T> work) {
        refuseAfterAnInterrupt(call);
        var outcome = new CompletableFuture<T>();
        var givenUp = new AtomicReference<@Nullable GivenUp>();
        // Its time runs from before the call, however late this thread or the alarm's gets a processor.
        Deadline end = call.limit() == null ? null : Deadline.after(time, call.limit());
        Future<?> running = submit(() -> settle(outcome, work));
        Alarm alarm = end == null
                ? null
                : Alarm.at(end, time, () -> {
                    givenUp.compareAndSet(null, GivenUp.LATE);
                    abandon(running, outcome, call);
                });
        try {
            return await(call, outcome, running, givenUp);
        } finally {
            if (alarm != null) {
                alarm.close();
            }
        }
    }

    /** A call that is over at once would not notice it: waiting for a result that is there looks at no interrupt. */
    private void refuseAfterAnInterrupt(Call call) {
        interrupted |= Thread.interrupted();
        if (interrupted && call.heedsInterrupts()) {
            throw ErrorCode.CANCELLED.because("interrupted before it began").with("step", call.step());
        }
    }

    private static <T extends @Nullable Object> void settle(CompletableFuture<T> outcome, Supplier<T> work) {
        try {
            outcome.complete(work.get());
        } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
        }
    }

    private <T extends @Nullable Object> T await(
            Call call, CompletableFuture<T> outcome, Future<?> running, AtomicReference<@Nullable GivenUp> givenUp) {
        while (true) {
            try {
                T result = outcome.get();
                refuseWhatCameTooLate(call, givenUp.get(), null);
                return result;
            } catch (InterruptedException again) {
                interrupted = true;
                if (call.heedsInterrupts() && givenUp.compareAndSet(null, GivenUp.CANCELLED)) {
                    Alarm.at(Deadline.after(time, Duration.ZERO), time, () -> abandon(running, outcome, call));
                }
            } catch (ExecutionException failed) {
                Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                refuseWhatCameTooLate(call, givenUp.get(), cause);
                throw translated(call, cause);
            }
        }
    }

    private static void refuseWhatCameTooLate(Call call, @Nullable GivenUp givenUp, @Nullable Throwable cause) {
        if (givenUp == GivenUp.LATE) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("its budget was " + millis(call.limit()) + " ms", cause)
                    .with("step", call.step());
        }
        if (givenUp == GivenUp.CANCELLED) {
            throw ErrorCode.CANCELLED.because("interrupted", cause).with("step", call.step());
        }
    }

    private static long millis(@Nullable Duration limit) {
        return limit == null ? 0 : limit.toMillis();
    }

    private static BackupException translated(Call call, Throwable cause) {
        return switch (cause) {
            case BackupException known -> known;
            case Error broken -> throw broken;
            default ->
                ErrorCode.INTERNAL
                        .because("an adapter failed unforeseen", cause)
                        .with("step", call.step());
        };
    }

    private <T extends @Nullable Object> void abandon(Future<?> running, CompletableFuture<T> outcome, Call call) {
        running.cancel(true);
        time.sleep(call.grace());
        if (!outcome.isDone()) {
            // First the new worker, then the news: whoever waits for them calls the next phase at once.
            replaceWorker();
            outcome.completeExceptionally(new IllegalStateException("the call does not come back"));
        }
    }

    private synchronized Future<?> submit(Runnable work) {
        return worker.submit(work);
    }

    private synchronized void replaceWorker() {
        worker.shutdown();
        worker = newWorker();
    }

    private static ExecutorService newWorker() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("medbackup-application").factory());
    }

    /** Lets the thread go, and sets the interrupt that came meanwhile. */
    @Override
    public synchronized void close() {
        worker.shutdown();
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }
}
