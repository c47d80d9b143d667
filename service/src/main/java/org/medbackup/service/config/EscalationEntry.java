package org.medbackup.service.config;

import java.time.LocalTime;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.resilience.escalation.Delivery;
import org.medbackup.resilience.escalation.EscalationRules;
import org.medbackup.resilience.escalation.Ladder;
import org.medbackup.resilience.escalation.QuietHours;
import org.medbackup.resilience.escalation.Routes;

/**
 * Who is told when something fails, by names of channels.
 *
 * @param warning who gets the daily digest
 * @param error who is told of errors
 * @param critical who is told of what is critical, step by step
 * @param quietWindow name of a window of the governor's section in which errors wait; empty for none
 * @param digestAt when the digest is sent, on the clock of the governor's calendar
 * @param ladder what happens while nobody takes care
 * @param delivery how messages are handed over
 */
public record EscalationEntry(
        List<String> warning,
        List<String> error,
        List<List<String>> critical,
        String quietWindow,
        LocalTime digestAt,
        Ladder ladder,
        Delivery delivery) {

    /** When the digest is sent where the configuration says nothing. */
    public static final LocalTime DIGEST_AT = LocalTime.of(8, 0);

    public EscalationEntry {
        warning = List.copyOf(warning);
        error = List.copyOf(error);
        critical = critical.stream().map(List::copyOf).toList();
    }

    /** Without a section in the file: nobody is told, and what fails is listed. */
    public static EscalationEntry none() {
        return new EscalationEntry(
                List.of(), List.of(), List.of(), "", DIGEST_AT, Ladder.standard(), Delivery.standard());
    }

    /** Whether anybody is told. */
    public boolean tellsSomebody() {
        return Stream.concat(Stream.of(warning, error), critical.stream()).anyMatch(each -> !each.isEmpty());
    }

    /**
     * The rules.
     *
     * @param governor whose calendar has the quiet hours
     * @throws org.medbackup.core.error.UsageException where nobody is told of errors or of what is critical
     */
    public EscalationRules rules(GovernorEntry governor) {
        return EscalationRules.of(new Routes(warning, error, critical), governor.zone())
                .withQuiet(new QuietHours(governor.calendar(), quietWindow))
                .withDigestAt(digestAt)
                .withLadder(ladder)
                .withDelivery(delivery);
    }
}
