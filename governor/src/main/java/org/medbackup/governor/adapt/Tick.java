package org.medbackup.governor.adapt;

import java.util.List;

/**
 * What the controller sees, four times a second.
 *
 * @param nanos by the monotonic clock
 * @param readings of all that is protected
 * @param hard bytes a second that somebody set as the limit, {@link Long#MAX_VALUE} for none
 * @param used bytes a second that backups used of late, outside of pauses
 * @param minimum bytes a second below which the rate must not be now, 0 for none
 */
record Tick(long nanos, List<Reading> readings, long hard, long used, long minimum) {

    Tick {
        readings = List.copyOf(readings);
    }
}
