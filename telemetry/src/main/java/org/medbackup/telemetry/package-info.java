/** Metrics, traces, log lines and forecasts, made from events. */
@NullMarked
package org.medbackup.telemetry;

import org.jspecify.annotations.NullMarked;
