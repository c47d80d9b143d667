package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.app.mariadb.binlog.BinlogScan;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogFile;

/**
 * Takes what waits in the spool to the archive, in a thread of its own: a slow archive does not hold up the receiver. One
 * that does not answer or has no room is tried again.
 */
final class LogStoring implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LogArchive archive;
    private final LogSpool spool;
    private final TimeSource time;
    private final Thread thread;
    private boolean asked = true;
    private boolean over;
    private @Nullable RuntimeException failure;
    private @Nullable BinlogPosition stored;
    private long files;

    LogStoring(LogArchive archive, LogSpool spool, TimeSource time) {
        this.archive = archive;
        this.spool = spool;
        this.time = time;
        this.thread = Thread.ofPlatform().name("medbackup log").daemon().unstarted(this::run);
        thread.start();
    }

    /** Stores what waits, soon. */
    synchronized void ask() {
        asked = true;
        notifyAll();
    }

    /** Fails with what keeps it from storing for good. */
    synchronized void require() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Up to where this call has stored; null where it has stored nothing. */
    synchronized @Nullable BinlogPosition stored() {
        return stored;
    }

    synchronized long files() {
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
            store(spool.waiting());
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

    private void store(List<Path> paths) {
        if (paths.isEmpty()) {
            return;
        }
        List<LogFile> batch = new ArrayList<>();
        BinlogPosition last = null;
        for (Path each : paths) {
            String name = each.getFileName().toString();
            try {
                BinlogScan scan = BinlogScan.of(each);
                batch.add(new LogFile(name, each, scan.facts()));
                BinlogName parsed = BinlogName.parse(name);
                last = parsed == null ? last : new BinlogPosition(parsed.file(), scan.length());
            } catch (IOException unreadable) {
                throw ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be read", unreadable);
            }
        }
        archive.store(batch);
        spool.remove(paths);
        synchronized (this) {
            files += batch.size();
            stored = last;
        }
    }

    /** Stores what waits and ends; what cannot be stored in time stays in the spool. */
    @Override
    public void close() {
        synchronized (this) {
            asked = true;
            over = true;
            notifyAll();
        }
        try {
            if (thread.join(PATIENCE)) {
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
