package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the first stage of a job has stored.
 *
 * @param snapshots ids of restore points
 * @param target name of the target that has them
 * @param frozen how long applications were frozen at most
 * @param state succeeded, degraded or incomplete
 * @param point the moment that they hold, or one just before it
 */
record StoredByJob(List<String> snapshots, String target, Duration frozen, JobState state, Instant point) {}
