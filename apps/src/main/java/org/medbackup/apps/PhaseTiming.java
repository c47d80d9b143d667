package org.medbackup.apps;

import java.time.Duration;
import org.medbackup.core.event.Outcome;

/** How long one phase took, and how it ended. */
public record PhaseTiming(Phase phase, Duration took, Outcome outcome) {}
