/** Incidents: one for each cause, who is told of it, when, and how often. */
@NullMarked
package org.medbackup.resilience.escalation;

import org.jspecify.annotations.NullMarked;
