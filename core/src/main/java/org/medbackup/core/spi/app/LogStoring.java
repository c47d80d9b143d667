package org.medbackup.core.spi.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.app.LogArchive.LogFile;

/**
 * Takes what an application's receiver has put into its spool to the archive, in a thread of its own: a slow archive does not
 * hold up the receiver. One that does not answer or has no room is tried again. Safe for use by several threads.
 *
 * @param <P> a position in the application's log
 */
public final class LogStoring<P> implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LogArchive archive;
    private final Waiting<P> waiting;
    private final TimeSource time;
    private final Duration patience;
    private final Thread thread;
    private boolean asked = true;
    private boolean over;
    private @Nullable RuntimeException failure;
    private @Nullable P stored;
    private long files;

    /** Begins to store, at first what an earlier run has left in the spool. */
    public LogStoring(LogArchive archive, Waiting<P> waiting, TimeSource time) {
        this(archive, waiting, time, PATIENCE);
    }

    LogStoring(LogArchive archive, Waiting<P> waiting, TimeSource time, Duration patience) {
        this.archive = archive;
        this.waiting = waiting;
        this.time = time;
        this.patience = patience;
        this.thread = Thread.ofPlatform().name("medbackup log").daemon().unstarted(this::run);
        thread.start();
    }

    /**
     * What waits in a spool. Called from one thread.
     *
     * @param <P> a position in the log
     */
    public interface Waiting<P> {

        /**
         * What waits now, in the order in which it is to be stored. Failures end the storing, and are told by
         * {@link LogStoring#require}.
         */
        List<Batch<P>> batches();

        /** Takes files of a batch away: they are stored. */
        void remove(List<Path> files);
    }

    /**
     * Files that are stored together.
     *
     * @param <P> a position in the log
     * @param files of the log, at least one
     * @param end up to where the log is stored with them; null where they say nothing of that
     */
    public record Batch<P>(List<LogFile> files, @Nullable P end) {

        public Batch {
            files = List.copyOf(files);
        }
    }

    /** Stores what waits, soon. */
    public synchronized void ask() {
        asked = true;
        notifyAll();
    }

    /**
     * Looks whether it can store.
     *
     * @throws RuntimeException what keeps it from storing for good
     */
    public synchronized void require() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Up to where the log is stored; null where nothing was stored that says so. */
    public synchronized @Nullable P stored() {
        return stored;
    }

    /** How many files were stored. */
    public synchronized long files() {
        return files;
    }

    private synchronized boolean await() throws InterruptedException {
        while (!asked && !over) {
            wait();
        }
        boolean more = asked;
        asked = false;
        return more;
    }

    private void run() {
        try {
            while (await()) {
                attempt();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            synchronized (this) {
                failure = failed;
            }
        }
    }

    private void attempt() throws InterruptedException {
        try {
            waiting.batches().forEach(this::store);
        } catch (UnavailableException | CapacityException later) {
            synchronized (this) {
                long begun = time.nanos();
                while (!over && time.since(begun).compareTo(AGAIN) < 0) {
                    wait(AGAIN.toMillis());
                }
                asked = !over;
            }
        }
    }

    private void store(Batch<P> batch) {
        archive.store(batch.files());
        waiting.remove(batch.files().stream().map(LogFile::source).toList());
        synchronized (this) {
            files += batch.files().size();
            if (batch.end() != null) {
                stored = batch.end();
            }
        }
    }

    /** Stores what waits and ends; what cannot be stored in 15 seconds stays in the spool. */
    @Override
    public void close() {
        synchronized (this) {
            asked = true;
            over = true;
            notifyAll();
        }
        try {
            if (thread.join(patience)) {
                return;
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        System.getLogger(LogStoring.class.getName())
                .log(System.Logger.Level.WARNING, "what was received last stays in the spool");
    }
}
