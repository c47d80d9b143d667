package org.medbackup.recovery.rotation;

import java.time.Duration;
import java.util.List;

/**
 * What the drill of the day takes.
 *
 * @param applications names in the order in which they can be recovered: none before what it needs; empty where nothing has to
 *     be rehearsed yet
 * @param partial whether they are too large to be restored whole, so that only a sample of them is
 * @param predicted how long it will take by what is known; zero where nothing is
 */
public record Turn(List<String> applications, boolean partial, Duration predicted) {

    static final Turn NONE = new Turn(List.of(), false, Duration.ZERO);

    public Turn {
        applications = List.copyOf(applications);
    }
}
