package org.medbackup.resilience.escalation;

import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Who is told, when, and how often; what an administrator may set. Immutable.
 *
 * @param routes who
 * @param quiet when errors wait
 * @param digestAt when warnings are told, each day, on the clock of {@code quiet}'s calendar
 * @param ladder what happens while nobody takes care
 * @param damping what is one incident, and what is none
 * @param delivery how messages are handed over
 */
public record EscalationRules(
        Routes routes, QuietHours quiet, LocalTime digestAt, Ladder ladder, Damping damping, Delivery delivery) {

    /** No quiet hours, the digest at 08:00, and the figures that each part names as its standard. */
    public static EscalationRules of(Routes routes, ZoneId zone) {
        return new EscalationRules(
                routes,
                QuietHours.none(zone),
                LocalTime.of(8, 0),
                Ladder.standard(),
                Damping.standard(),
                Delivery.standard());
    }

    /** The same with other quiet hours. */
    public EscalationRules withQuiet(QuietHours others) {
        return new EscalationRules(routes, others, digestAt, ladder, damping, delivery);
    }

    /** The same with the digest at another time. */
    public EscalationRules withDigestAt(LocalTime other) {
        return new EscalationRules(routes, quiet, other, ladder, damping, delivery);
    }

    /** The same with another ladder. */
    public EscalationRules withLadder(Ladder other) {
        return new EscalationRules(routes, quiet, digestAt, other, damping, delivery);
    }

    /** The same with another damping. */
    public EscalationRules withDamping(Damping other) {
        return new EscalationRules(routes, quiet, digestAt, ladder, other, delivery);
    }

    /** The same with another way of handing over. */
    public EscalationRules withDelivery(Delivery other) {
        return new EscalationRules(routes, quiet, digestAt, ladder, damping, other);
    }

    DailyTime digest() {
        return new DailyTime(digestAt, quiet.calendar().zone());
    }
}
