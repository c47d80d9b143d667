package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.RecordedEvents;

/** An escalation with four channels, on a clock that the test moves. Begins on a Thursday at 11:00 in Berlin. */
final class Scene {

    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    static final Instant BEGIN = Instant.parse("2026-03-05T10:00:00Z");
    static final Routes ROUTES =
            new Routes(List.of("mail"), List.of("mail"), List.of(List.of("pager"), List.of("phone"), List.of("chief")));
    static final Cause DEAD_TARGET = new Cause("STORE_UNAVAILABLE", "s3-main");

    final ManualTime time;
    final FakeChannel mail = new FakeChannel("mail");
    final FakeChannel pager = new FakeChannel("pager");
    final FakeChannel phone = new FakeChannel("phone");
    final FakeChannel chief = new FakeChannel("chief");
    final RecordedEvents events = new RecordedEvents();
    final IncidentStore store;
    EscalationRules rules;
    Escalation escalation;

    Scene() {
        this(EscalationRules.of(ROUTES, BERLIN), IncidentStore.inMemory());
    }

    Scene(EscalationRules rules, IncidentStore store) {
        this(rules, store, BEGIN);
    }

    Scene(EscalationRules rules, IncidentStore store, Instant begin) {
        this.time = new ManualTime(begin);
        this.rules = rules;
        this.store = store;
        this.escalation = open();
    }

    /** From 22:00 to 06:00, every day. */
    static QuietHours nights() {
        var night = new TimeWindow(
                "night", EnumSet.allOf(DayOfWeek.class), LocalTime.of(22, 0), LocalTime.of(6, 0), HolidayRule.INCLUDE);
        return new QuietHours(new BusinessCalendar(BERLIN, List.of(), List.of(night)), "night");
    }

    static Scene withNights() {
        return new Scene(EscalationRules.of(ROUTES, BERLIN).withQuiet(nights()), IncidentStore.inMemory());
    }

    Map<String, NotificationChannel> channels() {
        return Map.of("mail", mail, "pager", pager, "phone", phone, "chief", chief);
    }

    private Escalation open() {
        return Escalation.open(rules, channels(), Escalation.Parts.of("backup01", store, events, time));
    }

    /** The process ends at once, and another one goes on. */
    void restart() {
        escalation = open();
    }

    static FailureReport report(Cause cause, String job, Severity severity, @Nullable Instant protectedUntil) {
        return new FailureReport(
                cause,
                job,
                severity,
                protectedUntil,
                new Description(
                        "The target does not answer", "db01", "It was tried 6 times.", null, "Look at the target."));
    }

    static FailureReport report(Cause cause, String job, Severity severity) {
        return report(cause, job, severity, null);
    }

    /** A job fails, and people are told where they are to be. */
    void fails(Cause cause, String job, Severity severity) {
        escalation.failed(report(cause, job, severity));
        escalation.tick();
    }

    void succeeds(Cause cause, String job) {
        escalation.mended(new Proof.JobSucceeded(cause.resource(), job));
        escalation.tick();
    }

    void works(Cause cause) {
        escalation.mended(new Proof.ResourceWorks(cause));
        escalation.tick();
    }

    Optional<Incident> take(Cause cause, Duration length) {
        Optional<Incident> taken = escalation.acknowledge(cause.id(), "raj", "on it", length);
        escalation.tick();
        return taken;
    }

    /** Time passes; what is due is done when it is due, and is then no longer due. */
    void pass(Duration length) {
        until(time.now().plus(length));
    }

    void until(Instant end) {
        Optional<Instant> due = escalation.due();
        while (due.isPresent() && !due.get().isAfter(end)) {
            time.advance(max(Duration.between(time.now(), due.get()), Duration.ZERO));
            escalation.tick();
            due = escalation.due();
            assertThat(due.orElse(Instant.MAX)).as("it goes on").isAfter(time.now());
        }
        time.advance(Duration.between(time.now(), end));
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    Incident only() {
        assertThat(escalation.incidents()).hasSize(1);
        return escalation.incidents().getFirst();
    }
}
