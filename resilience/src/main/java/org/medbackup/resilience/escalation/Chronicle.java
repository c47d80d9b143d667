package org.medbackup.resilience.escalation;

import java.time.Duration;
import java.util.Locale;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.resilience.escalation.IncidentBook.Change;

/**
 * Says what becomes of incidents and of messages, as events whose operation is the incident's id. One that cannot be kept
 * keeps nobody from being told. Not safe for use by several threads.
 */
final class Chronicle implements IncidentBook.Listener {

    private final EventSink events;
    private final TimeSource time;
    private final String host;
    private final OwnFaults faults;

    Chronicle(EventSink events, TimeSource time, String host, OwnFaults faults) {
        this.events = events;
        this.time = time;
        this.host = host;
        this.faults = faults;
    }

    private void tell(BackupEvent event) {
        try {
            events.accept(event);
            faults.events(true);
        } catch (RuntimeException notKept) {
            faults.events(false);
        }
    }

    private void phase(String operation, String phase, Outcome outcome, Duration took, Facts facts) {
        tell(new BackupEvent.PhaseEnded(time.now(), operation, phase, outcome, took, facts));
    }

    @Override
    public void changed(Change change, Incident incident) {
        Facts facts = Facts.of("failure", incident.cause().failure())
                .and("resource", incident.cause().resource())
                .and("severity", plain(incident.severity()))
                .and("jobs", incident.jobs().size())
                .and("reports", incident.reports());
        Acknowledgement taken = incident.acknowledged();
        if (change == Change.ACKNOWLEDGED && taken != null) {
            Actor actor = new Actor(taken.by(), host, taken.note().isEmpty() ? null : taken.note(), null);
            tell(new BackupEvent.Ended(
                    time.now(),
                    incident.id(),
                    "acknowledge",
                    actor,
                    Outcome.SUCCESS,
                    null,
                    Duration.ZERO,
                    facts.and("until", taken.until())));
        } else {
            Outcome outcome = incident.isOpen() ? Outcome.FINDING : Outcome.SUCCESS;
            phase(incident.id(), "incident-" + plain(change), outcome, Duration.ZERO, facts);
        }
    }

    /** A channel has taken a message; the receipt is the receiver's own name for it. */
    void delivered(String channel, Envelope envelope, String receipt, Duration took) {
        phase(
                envelope.notification().incident(),
                "notification",
                Outcome.SUCCESS,
                took,
                facts(channel, envelope).and("receipt", Wording.text(receipt)));
    }

    /** A channel has not taken a message. */
    void undelivered(String channel, Envelope envelope, ErrorCode code, Duration took) {
        phase(
                envelope.notification().incident(),
                "notification",
                Outcome.FAILURE,
                took,
                facts(channel, envelope).and("code", code.name()));
    }

    /** A channel is in the rules no more; what it still should have got is not sent. */
    void removed(String channel, int unsent) {
        phase(
                channel,
                "channel-removed",
                Outcome.SUCCESS,
                Duration.ZERO,
                Facts.of("channel", channel).and("unsent", unsent));
    }

    private static Facts facts(String channel, Envelope envelope) {
        return Facts.of("channel", channel)
                .and("kind", plain(envelope.notification().kind()))
                .and("severity", plain(envelope.notification().severity()))
                .and("about", Math.max(1, envelope.notification().members().size()));
    }

    private static String plain(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
