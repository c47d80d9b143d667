package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.state.Catalogue;

/**
 * Keeps the catalogue of a daemon true: it reads a target soon after a job has written there, and each once a day, since
 * others may write and delete too. A target that cannot be read is tried again an hour later; its jobs say why, so that this
 * does not. Safe for use by several threads.
 */
final class CatalogueWatch implements AutoCloseable {

    private static final Duration TURN = Duration.ofSeconds(1);

    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration AGAIN = Duration.ofHours(1);

    /** A reading ends by then that was told to. */
    private static final Duration STOPPED = Duration.ofSeconds(10);

    /** Several jobs that end together are one reading. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final CatalogueOperations operations;
    private final RepositoryAccess access;
    private final TimeSource time;
    private final Set<String> touched = new HashSet<>();
    private final Map<String, Instant> notBefore = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread reader;

    CatalogueWatch(CatalogueOperations operations, RepositoryAccess access, TimeSource time) {
        this.operations = operations;
        this.access = access;
        this.time = time;
    }

    /** Begins to read by itself, until it is closed. */
    void start(Catalogue catalogue) {
        reader = Thread.ofPlatform().daemon().name("medbackup-catalogue").start(() -> read(catalogue));
    }

    private void read(Catalogue catalogue) {
        while (closed.getCount() > 0) {
            try {
                look(catalogue);
            } catch (BackupException silent) {
                // It is the state that does not answer, of which the scheduler speaks; the next turn tries again.
            }
            try {
                if (closed.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    /** A job has ended, however it did. */
    synchronized void ended(String job) {
        Instant soon = time.now().plus(SOON);
        for (String each : operations.targets(job)) {
            if (touched.add(each)) {
                notBefore.put(each, soon);
            }
        }
    }

    /** Reads what is to be read now. */
    void look(Catalogue catalogue) {
        Map<String, Instant> read = catalogue.readings();
        for (String target : operations.targets()) {
            if (isDue(target, read.get(target))) {
                read(catalogue, target);
            }
        }
    }

    private synchronized boolean isDue(String target, @Nullable Instant read) {
        Instant now = time.now();
        Instant wait = notBefore.getOrDefault(target, Instant.EPOCH);
        // A clock that was set back must not keep it from reading.
        boolean waits = wait.isAfter(now) && Duration.between(now, wait).compareTo(DAILY) <= 0;
        boolean old = read == null || read.plus(DAILY).isBefore(now) || read.isAfter(now.plus(AGAIN));
        return !waits && (old || touched.contains(target));
    }

    private void read(Catalogue catalogue, String target) {
        synchronized (this) {
            touched.remove(target);
        }
        try {
            operations.read(catalogue, access, target, false);
        } catch (BackupException failed) {
            // What may only write has nothing to read with, today or tomorrow.
            Duration pause = failed.code() == ErrorCode.KEY_ROLE_INSUFFICIENT ? DAILY : AGAIN;
            synchronized (this) {
                notBefore.put(target, time.now().plus(pause));
            }
        }
    }

    /** What it reads with is closed next. */
    @Override
    public void close() {
        closed.countDown();
        Thread reading = reader;
        if (reading == null) {
            return;
        }
        reading.interrupt();
        // Whoever closes was interrupted, as a rule.
        boolean interrupted = Thread.interrupted();
        try {
            reading.join(STOPPED);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
