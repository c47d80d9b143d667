package org.medbackup.notify.common;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * A limit on a whole conversation with a server. Time-outs of single reads do not bound one that sends a byte now and then.
 */
public final class TimeLimit {

    private TimeLimit() {}

    /**
     * Has a thread of its own do the work and waits for it. At the limit, or when the caller is interrupted, that thread is
     * interrupted, which closes the socket that it works on, since it is a virtual one.
     *
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#NOTIFICATION_UNDELIVERED} at the limit
     * @throws org.medbackup.core.error.CancelledException when the caller is interrupted; its flag stays set
     */
    public static <T> T within(Duration limit, Supplier<T> work) {
        var task = new FutureTask<T>(work::get);
        Thread.ofVirtual().name("medbackup-notify").start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException passed) {
            throw ErrorCode.NOTIFICATION_UNDELIVERED
                    .because("its server did not answer in time")
                    .with("seconds", limit.toSeconds());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while handing a notification over", interrupted);
        } catch (ExecutionException failed) {
            throw known(failed.getCause());
        } finally {
            task.cancel(true);
        }
    }

    /** What another exception says may quote the server or the call. */
    private static BackupException known(@Nullable Throwable cause) {
        return switch (cause) {
            case BackupException known -> known;
            case null -> ErrorCode.INTERNAL.because("a channel failed");
            default ->
                ErrorCode.INTERNAL
                        .because("a channel failed")
                        .with("exception", cause.getClass().getSimpleName());
        };
    }
}
