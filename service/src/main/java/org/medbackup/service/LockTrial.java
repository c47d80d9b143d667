package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.ObjectStore.Locks;

/**
 * Locks an object for some minutes and tries to get round the lock. Nothing is believed that the target does not say when it
 * is asked again.
 */
final class LockTrial {

    /** Long enough for every step, and for clocks that differ by a minute; short, since the object stays for it. */
    private static final Duration LOCK = Duration.ofMinutes(5);

    private static final Duration SOONER = Duration.ofMinutes(2);
    private static final Duration LATER = Duration.ofMinutes(6);

    private static final ObjectName NAME = ObjectName.of("lock/object");

    private final ObjectStore store;
    private final TimeSource time;
    private @Nullable Instant last;

    LockTrial(ObjectStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** Tries the locks of a store; nothing where it is not set up to lock. */
    TargetCapabilities.Worm run() {
        Locks locks = store.locks().orElse(null);
        if (locks == null) {
            return TargetCapabilities.Worm.NONE;
        }
        Instant until = time.now().plus(LOCK);
        if (!isAllowed(() -> store.putIfAbsent(NAME, content().kept(new Keeping("", until))))) {
            return new TargetCapabilities.Worm(true, false, false, false, false);
        }
        boolean set = lasts(locks, until);
        boolean ends = isAllowed(() -> locks.extend(NAME, time.now().plus(SOONER))) && !lasts(locks, until);
        Instant later = time.now().plus(LATER);
        boolean extended = isAllowed(() -> locks.extend(NAME, later)) && lasts(locks, later);
        boolean kept = TargetProbe.isDenied(store, NAME);
        if (kept) {
            last = until(locks).orElse(null);
        }
        return new TargetCapabilities.Worm(true, set, kept, set && !ends, extended);
    }

    /** When the lock ends that was set, empty where there is none. */
    Optional<Instant> lockedUntil() {
        return Optional.ofNullable(last);
    }

    private static ObjectContent content() {
        return ObjectContent.of("locked".getBytes(StandardCharsets.US_ASCII));
    }

    private boolean lasts(Locks locks, Instant until) {
        return until(locks).filter(end -> !end.isBefore(until)).isPresent();
    }

    private static Optional<Instant> until(Locks locks) {
        var found = new AtomicReference<Optional<Instant>>(Optional.empty());
        isAllowed(() -> found.set(locks.until(NAME)));
        return found.get();
    }

    /** Whether a target lets a step be taken; what it does not answer says nothing about it. */
    private static boolean isAllowed(Runnable step) {
        try {
            step.run();
            return true;
        } catch (UnavailableException | CancelledException unknown) {
            throw unknown;
        } catch (BackupException refused) {
            return false;
        }
    }
}
