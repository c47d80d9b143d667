package org.medbackup.scheduler.state;

import org.jspecify.annotations.Nullable;

/**
 * A run that a worker has taken. Immutable; the array is lent and must not be changed.
 *
 * @param run its id
 * @param job its job
 * @param epoch with which it writes
 * @param attempt 1 for the first
 * @param published whether an earlier attempt has published its result
 * @param checkpoint what an earlier attempt has left
 */
public record Lease(String run, String job, long epoch, int attempt, boolean published, byte @Nullable [] checkpoint) {}
