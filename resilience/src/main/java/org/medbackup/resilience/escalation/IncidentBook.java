package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.medbackup.core.spi.notify.Severity;

/**
 * The incidents by their causes: one for each cause, however many jobs fail of it, until all that failed is proven to
 * work. Knows nothing of people. Not safe for use by several threads.
 */
final class IncidentBook {

    /** What happened to an incident, for the record. */
    enum Change {
        OPENED,
        REOPENED,
        RAISED,
        ACKNOWLEDGED,
        EXPIRED,
        RESOLVED
    }

    /** Hears of changes. */
    @FunctionalInterface
    interface Listener {
        void changed(Change change, Incident incident);
    }

    private final Damping damping;
    private final Listener listener;
    private final Map<String, Incident> incidents = new TreeMap<>();

    IncidentBook(Damping damping, Listener listener) {
        this.damping = damping;
        this.listener = listener;
    }

    /** Puts back what was written down. */
    void restore(List<Incident> all) {
        all.forEach(this::put);
    }

    private void put(Incident incident) {
        incidents.put(incident.id(), incident);
    }

    private void put(Change change, Incident incident) {
        put(incident);
        listener.changed(change, incident);
    }

    /** All of them, also those that ended a short time ago, sorted by id. */
    List<Incident> all() {
        return List.copyOf(incidents.values());
    }

    Optional<Incident> find(String id) {
        return Optional.ofNullable(incidents.get(id));
    }

    /** One of which is known that it is there. */
    Incident get(String id) {
        return Objects.requireNonNull(incidents.get(id));
    }

    /** Takes a failure; one that is none, such as that a job is already running, changes nothing. */
    void failed(FailureReport report, Instant now) {
        if (!damping.isFailure(report.cause().failure())) {
            return;
        }
        Incident known = incidents.get(report.cause().id());
        if (known == null || isForgotten(known, now)) {
            put(Change.OPENED, Incident.begin(report, now));
            return;
        }
        Incident after = known.failedAgain(report, now, damping.flaps());
        put(after);
        if (!known.isOpen()) {
            listener.changed(Change.REOPENED, after);
        } else if (after.severity() != known.severity()) {
            listener.changed(Change.RAISED, after);
        }
    }

    private boolean isForgotten(Incident incident, Instant now) {
        Instant mended = incident.mended();
        return !incident.isOpen() && mended != null && now.isAfter(mended.plus(damping.reopenWithin()));
    }

    /** Takes a success. */
    void mended(Proof proof, Instant now) {
        switch (proof) {
            case Proof.ResourceWorks works -> {
                Incident known = incidents.get(works.cause().id());
                if (known != null && known.mended() == null) {
                    settle(known.mendedForAll(now, damping.flaps()), new Alarm(now));
                }
            }
            case Proof.JobSucceeded succeeded ->
                all().stream()
                        .filter(each -> each.cause().resource().equals(succeeded.resource()))
                        .filter(each -> each.fails(succeeded.job()))
                        .forEach(each -> settle(each.mendedFor(succeeded.job(), now, damping.flaps()), new Alarm(now)));
        }
    }

    /** Ends an incident of which everything works, unless it came and went too often lately. */
    private void settle(Incident incident, Alarm alarm) {
        if (incident.mended() != null && alarm.rings(calm(incident))) {
            put(Change.RESOLVED, incident.resolved());
        } else {
            put(incident);
        }
    }

    /** When there were few changes lately, if there are no more. */
    private Instant calm(Incident incident) {
        List<Instant> changes = incident.changes();
        return changes.size() < damping.flaps()
                ? Instant.MIN
                : changes.get(changes.size() - damping.flaps()).plus(damping.flapsWithin());
    }

    /** Does what only time does: ends what came and went and has been calm since, takes acknowledgements back. */
    void pass(Alarm alarm, Predicate<Incident> needed) {
        incidents.replaceAll((id, each) -> each.notAfter(alarm.now()));
        for (Incident each : all()) {
            Acknowledgement taken = each.acknowledged();
            if (each.isOpen() && each.mended() != null) {
                settle(each, alarm);
            } else if (taken != null && alarm.rings(taken.until())) {
                put(Change.EXPIRED, each.acknowledgedNoMore());
            } else if (isForgotten(each, alarm.now()) && !needed.test(each)) {
                incidents.remove(each.id());
            }
        }
    }

    /** Somebody takes care of an open incident; empty where there is none of this id. */
    Optional<Incident> acknowledge(String id, Acknowledgement acknowledgement) {
        return change(id, Change.ACKNOWLEDGED, each -> each.acknowledgedBy(acknowledgement));
    }

    /** An open incident needs somebody more urgently; empty where there is none of this id. */
    Optional<Incident> raise(String id, Severity severity) {
        return change(id, Change.RAISED, each -> each.raisedTo(severity));
    }

    private Optional<Incident> change(String id, Change change, UnaryOperator<Incident> how) {
        Optional<Incident> after = find(id).filter(Incident::isOpen).map(how);
        after.ifPresent(each -> put(change, each));
        return after;
    }
}
