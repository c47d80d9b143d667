package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * One connection, used by one thread at a time. Where an interrupt would close its socket in the middle of a commit, a thread
 * of its own uses it, and callers wait for that also when they are interrupted. Safe for use by several threads.
 */
final class Lane implements AutoCloseable {

    private final Dialect dialect;
    private final ExecutorService thread;
    private final ReentrantLock alone = new ReentrantLock();
    private @Nullable Connection connection;

    Lane(Dialect dialect, String name) {
        this.dialect = dialect;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Work on a connection. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    /** Work without a transaction of its own. */
    <T extends @Nullable Object> T read(String step, Work<T> work) {
        return call(() -> attempt(step, work, false));
    }

    /** Work in one transaction. */
    <T extends @Nullable Object> T write(String step, Work<T> work) {
        return call(() -> attempt(step, work, true));
    }

    private <T extends @Nullable Object> T attempt(String step, Work<T> work, boolean transaction) {
        try {
            return once(work, transaction);
        } catch (SQLException failed) {
            if (!dialect.isTransient(failed)) {
                throw dialect.translated(step, failed);
            }
        }
        try {
            return once(work, transaction);
        } catch (SQLException failed) {
            throw dialect.translated(step, failed);
        }
    }

    private <T extends @Nullable Object> T once(Work<T> work, boolean transaction) throws SQLException {
        boolean whole = false;
        try {
            Connection now = connection;
            if (now == null) {
                now = dialect.connect();
                connection = now;
            }
            if (now.getAutoCommit() == transaction) {
                now.setAutoCommit(!transaction);
            }
            T result = work.on(now);
            if (transaction) {
                now.commit();
                now.setAutoCommit(true);
            }
            whole = true;
            return result;
        } finally {
            // After a full disk SQLite has rolled back by itself and the driver does not know it: the next insert would
            // count although its commit fails. A connection that has failed is never used again.
            if (!whole) {
                discard();
            }
        }
    }

    private void discard() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException gone) {
                return;
            }
        }
    }

    private <T extends @Nullable Object> T call(Supplier<T> work) {
        if (dialect.isInterruptible()) {
            return elsewhere(work::get);
        }
        alone.lock();
        try {
            if (thread.isShutdown()) {
                throw closed(null);
            }
            return work.get();
        } finally {
            alone.unlock();
        }
    }

    private static BackupException closed(@Nullable Throwable cause) {
        return ErrorCode.STATE_DATABASE_UNAVAILABLE.because("the state was closed", cause);
    }

    private <T extends @Nullable Object> T elsewhere(Callable<T> work) {
        Future<T> answer;
        try {
            answer = thread.submit(work);
        } catch (RejectedExecutionException late) {
            throw closed(late);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BackupException known) {
                throw known;
            }
            throw ErrorCode.INTERNAL.because("the state failed", failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        alone.lock();
        try {
            if (!thread.isShutdown()) {
                thread.execute(this::discard);
                thread.close();
            }
        } finally {
            alone.unlock();
        }
    }
}
