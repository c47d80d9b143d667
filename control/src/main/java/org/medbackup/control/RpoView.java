package org.medbackup.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How old the newest good restore point is.
 *
 * @param target how old it may be; null where nobody has said
 * @param actual how old it is; null where there is none
 */
public record RpoView(@Nullable Duration target, @Nullable Duration actual) {

    /** Whether the target is met; so where there is none. */
    public boolean met() {
        return target == null || (actual != null && actual.compareTo(target) <= 0);
    }
}
