package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogFile;

/**
 * Takes what waits in the spool to the archive, in a thread of its own, so that a slow archive does not hold up the receiver.
 * An archive that does not answer or has no room is tried again.
 */
final class LogStoring implements AutoCloseable {

    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LogArchive archive;
    private final Spool spool;
    private final TimeSource time;
    private final Thread thread;
    private boolean asked;
    private boolean over;
    private @Nullable RuntimeException failure;
    private @Nullable BackupException unavailable;
    private @Nullable Lsn stored;
    private long files;

    LogStoring(LogArchive archive, Spool spool, TimeSource time) {
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

    synchronized @Nullable Lsn stored() {
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
            storeAll();
            unavailable(null);
        } catch (UnavailableException | CapacityException failed) {
            unavailable(failed);
            synchronized (this) {
                asked = true;
                long begun = time.nanos();
                while (!over && time.since(begun).compareTo(AGAIN) < 0) {
                    wait(AGAIN.toMillis());
                }
                asked = !over;
            }
        }
    }

    private synchronized void unavailable(@Nullable BackupException why) {
        unavailable = why;
    }

    private void storeAll() {
        List<Path> histories = new ArrayList<>();
        List<Path> segments = new ArrayList<>();
        for (Path each : spool.waiting()) {
            (each.toString().endsWith(".history") ? histories : segments).add(each);
        }
        // A history stays for ever, so it is in a restore point of its own.
        store(histories);
        store(segments);
    }

    private void store(List<Path> paths) {
        if (paths.isEmpty()) {
            return;
        }
        List<LogFile> batch = new ArrayList<>();
        Lsn end = null;
        for (Path each : paths) {
            String name = each.getFileName().toString();
            if (name.endsWith(".history")) {
                batch.add(new LogFile(name, each, HandedOver.history(text(each))));
            } else {
                WalScan scan = WalScan.of(each);
                batch.add(new LogFile(name, each, scan.facts()));
                end = later(end, new Lsn(scan.address().value() + each.toFile().length()));
            }
        }
        archive.store(batch);
        spool.remove(paths);
        synchronized (this) {
            files += batch.size();
            stored = later(stored, end);
        }
    }

    private static @Nullable Lsn later(@Nullable Lsn one, @Nullable Lsn other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Long.compareUnsigned(one.value(), other.value()) >= 0 ? one : other;
    }

    private static String text(Path history) {
        try {
            return Files.readString(history, StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be read", failed);
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
        long begun = time.nanos();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            thread.interrupt();
        }
        if (time.since(begun).compareTo(PATIENCE) >= 0) {
            System.getLogger(LogStoring.class.getName())
                    .log(System.Logger.Level.WARNING, "what was received last stays in the spool");
        }
    }

    /** Why the last attempt did not come through; null where it did. */
    synchronized @Nullable BackupException unavailable() {
        return unavailable;
    }
}
