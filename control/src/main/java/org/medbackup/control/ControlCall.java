package org.medbackup.control;

import org.medbackup.core.event.Actor;

/**
 * A call that would change something, for the audit trail.
 *
 * @param actor by the subject of its certificate, with the address that it came from
 * @param action such as {@code startJob}, as the OpenAPI document names it
 * @param target the job, run or incident
 * @param allowed whether its role lets it; where not, nothing follows
 */
public record ControlCall(Actor actor, String action, String target, boolean allowed) {}
