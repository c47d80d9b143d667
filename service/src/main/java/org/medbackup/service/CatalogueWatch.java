package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.state.Catalogue;

/**
 * Keeps the catalogue of a daemon true: it reads a target soon after a job has written there, and each once a day, since
 * others may write and delete too. A target that cannot be read is tried again an hour later; its jobs say why, so that this
 * does not. One thread calls {@link #look}; safe for use by several.
 */
final class CatalogueWatch {

    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration AGAIN = Duration.ofHours(1);

    /** Several jobs that end together are one reading. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private final CatalogueOperations operations;
    private final Catalogue catalogue;
    private final RepositoryAccess access;
    private final TimeSource time;
    private final Set<String> touched = new HashSet<>();
    private final Map<String, Instant> notBefore = new HashMap<>();

    CatalogueWatch(CatalogueOperations operations, Catalogue catalogue, RepositoryAccess access, TimeSource time) {
        this.operations = operations;
        this.catalogue = catalogue;
        this.access = access;
        this.time = time;
    }

    /** A job has ended that writes to these. */
    synchronized void touched(Collection<String> targets) {
        Instant soon = time.now().plus(SOON);
        for (String each : targets) {
            if (touched.add(each)) {
                notBefore.put(each, soon);
            }
        }
    }

    /** Reads what is to be read now. */
    void look() {
        Map<String, Instant> read = catalogue.readings();
        for (String target : operations.targets()) {
            if (isDue(target, read.get(target))) {
                read(target);
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

    private void read(String target) {
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
}
