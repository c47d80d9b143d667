package org.medbackup.service.config;

import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.governor.Limits;

/**
 * Limits that hold while a window is open.
 *
 * @param window on the clock of the file's zone
 * @param limits that hold beside the others; the strictest counts
 */
public record WindowEntry(TimeWindow window, Limits limits) {}
