package org.medbackup.apps;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * A consistent backup that succeeded.
 *
 * @param discovery what was found
 * @param consistency to what the copied data is consistent
 * @param frozen from the attempt to freeze until the application had thawed; zero where nothing was frozen
 * @param added what the backup cost the application: the time frozen and what the application itself says it was held up
 * @param timings the phases in the order in which they ended
 * @param lowered why the data is only crash-consistent although a freeze was meant to make it more, which only a backup
 *     that {@link ConsistentBackup#allowingCrashConsistent} returns; else null
 */
public record ApplicationRun(
        Discovery discovery,
        Consistency consistency,
        Duration frozen,
        Duration added,
        List<PhaseTiming> timings,
        @Nullable ErrorCode lowered) {

    public ApplicationRun {
        timings = List.copyOf(timings);
    }

    /** Whether less was reached than was meant to. */
    public boolean isDegraded() {
        return lowered != null;
    }
}
