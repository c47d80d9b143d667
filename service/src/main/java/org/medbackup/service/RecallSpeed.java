package org.medbackup.service;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;

/**
 * A speed at which what lies cold can be brought back.
 *
 * @param speed which
 * @param longest how long it takes at most until all of it can be read; null where nobody says it
 */
public record RecallSpeed(Speed speed, @Nullable Duration longest) {

    /** As {@link #longest}. */
    public Optional<Duration> longestWait() {
        return Optional.ofNullable(longest);
    }

    /** Whether all is there within a time; a speed of which nobody says how long it takes promises nothing. */
    public boolean meets(Duration deadline) {
        return longest != null && longest.compareTo(deadline) <= 0;
    }
}
