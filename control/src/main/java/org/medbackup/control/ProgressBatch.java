package org.medbackup.control;

import java.util.List;

/**
 * Some of a run's log.
 *
 * @param events in the order of their numbers; empty where none came in time
 * @param over whether there will never be more than these
 */
public record ProgressBatch(List<RunProgress> events, boolean over) {

    public ProgressBatch {
        events = List.copyOf(events);
    }
}
