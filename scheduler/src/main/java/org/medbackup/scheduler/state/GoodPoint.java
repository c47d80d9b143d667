package org.medbackup.scheduler.state;

import java.time.Instant;

/**
 * The newest good restore point of an object at a target. Immutable.
 *
 * @param object that is protected; for what jobs make it is the job's name
 * @param target at which it lies; the repository itself is the empty name
 * @param point the moment that it holds
 */
public record GoodPoint(String object, String target, Instant point) {}
