package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.time.Instant;

/**
 * That somebody takes care of an incident. Immutable.
 *
 * @param by who does
 * @param note what they said of it, without patient data
 * @param at when
 * @param until when it is taken back by itself
 */
public record Acknowledgement(String by, String note, Instant at, Instant until) {

    public Acknowledgement {
        by = Wording.text(by);
        note = Wording.text(note);
        if (by.isEmpty()) {
            throw new IllegalArgumentException("somebody acknowledges, and has a name");
        }
        if (!at.isBefore(until)) {
            throw new IllegalArgumentException("an acknowledgement that ends before it begins");
        }
    }

    Acknowledgement notAfter(Instant now) {
        return at.isAfter(now) ? new Acknowledgement(by, note, now, now.plus(Duration.between(at, until))) : this;
    }
}
