package org.medbackup.governor.internal;

import org.jspecify.annotations.Nullable;

/**
 * What keeps a demand waiting.
 *
 * @param ledger the one that is full, or null where nothing is
 * @param delay nanoseconds; 0 where nothing is
 */
public record Obstacle(@Nullable Ledger ledger, long delay) {

    static final Obstacle NONE = new Obstacle(null, 0);

    /** The other where it lasts at least as long: of two, the one that more share. */
    public Obstacle orLonger(Ledger other, long otherDelay) {
        return otherDelay > 0 && otherDelay >= delay ? new Obstacle(other, otherDelay) : this;
    }
}
