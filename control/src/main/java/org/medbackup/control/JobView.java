package org.medbackup.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as the schedule has it.
 *
 * @param paused whether it begins only when it is told to
 * @param next when it begins by itself; null where it does not
 * @param last its newest run; null where there was none
 * @param rpo of what it protects
 */
public record JobView(
        String name,
        boolean paused,
        @Nullable Instant next,
        @Nullable RunView last,
        RpoView rpo) {

    public JobView {
        Names.requireName(name);
    }
}
