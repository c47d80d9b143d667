package org.medbackup.apps;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.Application.Discovery;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * What a backup would do; nothing was changed.
 *
 * @param discovery what was found
 * @param checks whether the application is ready
 * @param steps the phases that would come, in their order
 * @param longest how long the application would be held up at the most: frozen and thawed
 * @param limit how long it may be held up
 */
public record Rehearsal(
        Discovery discovery, List<Readiness> checks, List<Step> steps, Duration longest, Duration limit) {

    public Rehearsal {
        checks = List.copyOf(checks);
        steps = List.copyOf(steps);
    }

    /** Whether a backup would begin, and would keep to its limit even if each step took all its time. */
    public boolean isReady() {
        return checks.stream().allMatch(Readiness::ok) && longest.compareTo(limit) <= 0;
    }

    /**
     * One step.
     *
     * @param budget how long it may take; null for no limit
     */
    public record Step(Phase phase, @Nullable Duration budget) {}
}
