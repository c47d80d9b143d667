package org.medbackup.resilience.escalation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification.Kind;

/**
 * News of an incident that a channel does not have yet; what it says is written when it is sent. Immutable.
 *
 * @param incident its id
 * @param kind of the news
 * @param refusals how often the channel did not take just this
 * @param refusedAt when it last did not; null where it never was offered
 */
record Pending(
        String incident, Kind kind, int refusals, @Nullable Instant refusedAt) {

    static Pending of(String incident, Kind kind) {
        return new Pending(incident, kind, 0, null);
    }

    Pending refused(Instant now) {
        return new Pending(incident, kind, refusals + 1, now);
    }

    /** The same by a clock that may have been set back. */
    Pending notAfter(Instant now) {
        return refusedAt == null ? this : new Pending(incident, kind, refusals, Alarm.notAfter(refusedAt, now));
    }

    boolean isSameNews(Pending other) {
        return incident.equals(other.incident) && kind == other.kind;
    }
}
