package org.medbackup.scheduler.state;

import java.time.Instant;

/**
 * A worker that the state has heard of. Immutable.
 *
 * @param name of the worker, one for each process
 * @param host on which it runs
 * @param seen when it last said that it lives, on the database's clock
 */
public record WorkerRecord(String name, String host, Instant seen) {}
