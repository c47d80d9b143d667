package org.medbackup.scheduler.state;

/**
 * A run that a worker still has. Immutable.
 *
 * @param run its id
 * @param epoch with which it has it
 * @param cancelRequested whether somebody wants it to end
 */
public record Held(String run, long epoch, boolean cancelRequested) {}
