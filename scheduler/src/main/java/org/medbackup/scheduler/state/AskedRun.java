package org.medbackup.scheduler.state;

/**
 * A run that somebody asked for under a key, so that the same wish that arrives twice makes one run. Immutable.
 *
 * @param key of the caller
 * @param job that was asked for
 * @param run its id
 */
public record AskedRun(String key, String job, String run) {}
