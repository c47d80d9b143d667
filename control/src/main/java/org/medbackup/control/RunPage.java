package org.medbackup.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of runs, the newest first.
 *
 * @param next the cursor of the page after it, at most 200 letters, digits, {@code _} and {@code -}; null where this is the
 *     last one
 */
public record RunPage(List<RunView> runs, @Nullable String next) {

    public RunPage {
        runs = List.copyOf(runs);
    }
}
