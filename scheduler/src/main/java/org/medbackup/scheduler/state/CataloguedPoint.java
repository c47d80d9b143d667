package org.medbackup.scheduler.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A restore point at one target, as the catalogue knows it. Immutable.
 *
 * @param target name; the repository itself is the empty name
 * @param snapshot its id, 32 hexadecimal digits, the same at all targets
 * @param object name of the job that made it; empty where no job is known to have
 * @param host on which it was made
 * @param point the moment that it holds
 * @param kind what it is good for
 * @param proof its last verification at this target; null where there was none
 */
public record CataloguedPoint(
        String target,
        String snapshot,
        String object,
        String host,
        Instant point,
        Kind kind,
        @Nullable Proof proof) {

    /** One that was never verified. */
    public CataloguedPoint(String target, String snapshot, String object, String host, Instant point, Kind kind) {
        this(target, snapshot, object, host, point, kind, null);
    }

    /** What a restore point is good for. */
    public enum Kind {
        /** All that was to be in it is. */
        COMPLETE,
        /** Some of its sources could not be read. */
        INCOMPLETE,
        /** It holds log of an application, and is no state of anything by itself. */
        LOG
    }

    /**
     * A verification. Immutable.
     *
     * @param at when it ended
     * @param level how deep it went, as the repository names it
     * @param whole whether all was as it should be
     */
    public record Proof(Instant at, String level, boolean whole) {}

    /** Whether its object counts as protected by it. */
    public boolean isGood() {
        return kind == Kind.COMPLETE && (proof == null || proof.whole());
    }
}
