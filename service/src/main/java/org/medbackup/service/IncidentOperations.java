package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.resilience.escalation.Incident;

/** What waits for a person. Safe for use by several threads. */
public final class IncidentOperations {

    private final Incidents incidents;
    private final String actor;
    private final Runnable mayAcknowledge;

    /**
     * Those of a host.
     *
     * @param mayAcknowledge fails where the rules of access do not let the caller
     */
    IncidentOperations(Incidents incidents, String actor, Runnable mayAcknowledge) {
        this.incidents = incidents;
        this.actor = actor;
        this.mayAcknowledge = mayAcknowledge;
    }

    /** Those that are open, the most urgent first, then the oldest. */
    public List<Incident> list() {
        return incidents.with(Escalation::incidents);
    }

    /**
     * The caller takes care of an incident: nobody is told again until the time is over, unless it becomes more urgent.
     *
     * @param id as {@link #list} gives it, or its beginning
     * @param note what the caller says of it, without patient data; may be empty
     * @param length for how long; where that is longer than the rules allow, for as long as they do
     * @return the incident, with the time at which this ends
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#INCIDENT_NOT_FOUND} where none of this id is
     *     open, or more than one begin so
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_DENIED}
     */
    public Incident acknowledge(String id, String note, Duration length) {
        mayAcknowledge.run();
        return incidents.with(escalation -> {
            List<Incident> found = escalation.incidents().stream()
                    .filter(each -> !id.isEmpty() && each.id().startsWith(id))
                    .toList();
            if (found.size() != 1) {
                throw ErrorCode.INCIDENT_NOT_FOUND
                        .because(found.size() + " of those that are open begin so")
                        .about(id);
            }
            return escalation
                    .acknowledge(found.getFirst().id(), actor, note, length)
                    .orElseThrow();
        });
    }

    /** Tells whoever is to be told now; empty where there is nothing more to do until something happens. */
    public Optional<Instant> tick() {
        return incidents.with(Escalation::due);
    }
}
