package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An instant at which is looked what is due, and what will be. So the two are never worked out apart. For one thread. */
final class Alarm {

    private final Instant now;
    private @Nullable Instant next;

    Alarm(Instant now) {
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /** Whether an instant has come; one that has not is remembered. */
    boolean rings(Instant at) {
        if (!at.isAfter(now)) {
            return true;
        }
        Instant earliest = next;
        if (earliest == null || at.isBefore(earliest)) {
            next = at;
        }
        return false;
    }

    /** The first instant of those that have not come. */
    Optional<Instant> next() {
        return Optional.ofNullable(next);
    }

    /** What was written down by a clock that has been set back since is taken to be of now. */
    static Instant notAfter(Instant at, Instant now) {
        return at.isAfter(now) ? now : at;
    }
}
