package org.medbackup.service;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.apps.Rehearsal;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * What a backup of an application would do; nothing was changed.
 *
 * @param steps its phases, in their order
 * @param checks each precondition
 * @param longest how long the application would be held up at the most: frozen and thawed
 * @param limit how long it may be held up
 * @param isReady whether a backup would begin, and would keep to its limit even if each step took all its time
 */
public record ApplicationRehearsal(
        List<Step> steps, List<Readiness> checks, Duration longest, Duration limit, boolean isReady) {

    public ApplicationRehearsal {
        steps = List.copyOf(steps);
        checks = List.copyOf(checks);
    }

    /**
     * One phase.
     *
     * @param phase its name, such as {@code freeze}
     * @param budget how long it may take; null for no limit
     */
    public record Step(String phase, @Nullable Duration budget) {}

    static ApplicationRehearsal of(Rehearsal rehearsal) {
        return new ApplicationRehearsal(
                rehearsal.steps().stream()
                        .map(step -> new Step(step.phase().label(), step.budget()))
                        .toList(),
                rehearsal.checks(),
                rehearsal.longest(),
                rehearsal.limit(),
                rehearsal.isReady());
    }
}
