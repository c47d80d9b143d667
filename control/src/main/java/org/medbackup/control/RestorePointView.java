package org.medbackup.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A restore point, as the catalogue knows it.
 *
 * @param id 32 hexadecimal digits
 * @param time the moment that it holds
 * @param kind what it is good for
 * @param places where it lies; at least one
 */
public record RestorePointView(String id, Instant time, Kind kind, List<Place> places) {

    public RestorePointView {
        Names.requireId(id);
        places = List.copyOf(places);
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
     * A target that has it.
     *
     * @param target name; {@code repository} for the repository itself
     * @param verified its last verification there; null where there was none
     */
    public record Place(String target, @Nullable Verified verified) {

        public Place {
            Names.requireName(target);
        }
    }

    /**
     * A verification.
     *
     * @param time when it ended
     * @param level how deep it went, as {@code medbackup verify} names it, in capitals
     * @param whole whether all was as it should be
     */
    public record Verified(Instant time, String level, boolean whole) {}
}
