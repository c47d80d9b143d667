package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.core.spi.notify.Notification.Kind.ACKNOWLEDGED;
import static org.medbackup.core.spi.notify.Notification.Kind.OPENED;
import static org.medbackup.core.spi.notify.Notification.Kind.RAISED;
import static org.medbackup.core.spi.notify.Notification.Kind.REMINDED;
import static org.medbackup.core.spi.notify.Notification.Kind.RESOLVED;
import static org.medbackup.resilience.escalation.Scene.DEAD_TARGET;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Severity;

/** Who is told what, and when. */
class EscalationTest {

    private static final Cause SLOW = new Cause("WINDOW_AT_RISK", "emr");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private Scene scene = new Scene();

    private static Duration minutes(int count) {
        return Duration.ofMinutes(count);
    }

    private Instant at(String berlin) {
        return java.time.LocalDateTime.parse(berlin).atZone(Scene.BERLIN).toInstant();
    }

    @Test
    void fourHundredJobsOnOneDeadTargetAreOneMessage() {
        for (int i = 0; i < 400; i++) {
            scene.escalation.failed(Scene.report(DEAD_TARGET, "job-" + i, Severity.ERROR));
        }
        scene.escalation.tick();

        assertThat(scene.mail.taken()).hasSize(1);
        assertThat(scene.mail.last().members()).hasSize(400);
        assertThat(scene.pager.taken()).isEmpty();
    }

    @Test
    void aMessageSaysAllThatIsKnown() {
        Instant until = Scene.BEGIN.plus(HOUR);
        scene.escalation.failed(Scene.report(DEAD_TARGET, "nightly", Severity.ERROR, until));
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.mail.taken())
                .containsExactly(new Notification(
                        DEAD_TARGET.id(),
                        OPENED,
                        Severity.ERROR,
                        "STORE_UNAVAILABLE",
                        "The target does not answer",
                        "db01",
                        "s3-main",
                        List.of("nightly"),
                        Scene.BEGIN,
                        Scene.BEGIN,
                        until,
                        "It was tried 6 times.",
                        null,
                        "Look at the target."));
    }

    @Test
    void whatIsCriticalIsToldAtOnceAtAnyHour() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T23:00"));

        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);

        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        assertThat(scene.mail.taken()).isEmpty();
    }

    @Test
    void anErrorWaitsForTheEndOfTheQuietHours() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T23:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        scene.until(at("2026-03-06T05:59"));
        assertThat(scene.mail.taken()).isEmpty();

        scene.pass(MINUTE);
        assertThat(scene.mail.kinds()).containsExactly(OPENED);
        assertThat(scene.mail.last().time()).isEqualTo(at("2026-03-06T06:00"));
        scene.pass(minutes(29));
        assertThat(scene.pager.taken()).as("half an hour from when it was told").isEmpty();
        scene.pass(MINUTE);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
    }

    @Test
    void anErrorThatBreaksTheRpoDuringTheQuietHoursDoesNotWait() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T23:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        assertThat(scene.mail.taken()).isEmpty();

        scene.escalation.failed(Scene.report(DEAD_TARGET, "hourly", Severity.ERROR, at("2026-03-06T03:00")));
        scene.escalation.tick();

        assertThat(scene.mail.kinds()).containsExactly(OPENED);
    }

    @Test
    void whatIsMendedDuringTheQuietHoursIsToldNobody() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T23:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.pass(HOUR);
        scene.succeeds(DEAD_TARGET, "nightly");

        scene.until(at("2026-03-06T12:00"));

        assertThat(scene.mail.taken()).isEmpty();
    }

    @Test
    void anErrorThatNobodyTakesCareOfBecomesCriticalAndGoesFromRouteToRoute() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        scene.pass(minutes(30));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, RAISED);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        assertThat(scene.pager.last().severity()).isEqualTo(Severity.CRITICAL);

        scene.pass(minutes(9));
        assertThat(scene.phone.taken()).isEmpty();
        scene.pass(MINUTE);
        assertThat(scene.phone.kinds()).containsExactly(OPENED);

        scene.pass(minutes(10));
        assertThat(scene.chief.kinds()).containsExactly(OPENED);

        scene.pass(minutes(10));
        assertThat(scene.pager.kinds()).as("an hour is not over").containsExactly(OPENED);
        scene.pass(minutes(30));
        assertThat(scene.pager.kinds()).containsExactly(OPENED, REMINDED);
        assertThat(scene.chief.kinds()).containsExactly(OPENED, REMINDED);
        assertThat(scene.mail.kinds()).containsExactly(OPENED, RAISED, REMINDED);
    }

    @Test
    void anErrorIsToldAgainEveryFourHours() {
        scene = new Scene(
                scene.rules.withLadder(new Ladder(Duration.ofDays(2), minutes(10), Duration.ofHours(4), HOUR, HOUR)),
                IncidentStore.inMemory());
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        scene.pass(Duration.ofHours(13));

        assertThat(scene.mail.kinds()).containsExactly(OPENED, REMINDED, REMINDED, REMINDED);
    }

    @Test
    void anErrorIsNotToldAgainDuringTheQuietHours() {
        scene = new Scene(
                scene.rules
                        .withQuiet(Scene.nights())
                        .withLadder(new Ladder(Duration.ofDays(2), minutes(10), Duration.ofHours(4), HOUR, HOUR)),
                IncidentStore.inMemory());
        scene.until(at("2026-03-05T20:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        scene.until(at("2026-03-06T05:59"));
        assertThat(scene.mail.kinds()).containsExactly(OPENED);
        scene.pass(MINUTE);
        assertThat(scene.mail.kinds()).containsExactly(OPENED, REMINDED);
    }

    @Test
    void whoTakesCareIsLeftAloneUntilTheTimeIsOver() {
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        assertThat(scene.take(DEAD_TARGET, Duration.ofHours(3))).isPresent();
        assertThat(scene.pager.kinds()).containsExactly(OPENED, ACKNOWLEDGED);
        assertThat(scene.pager.last().tried()).startsWith("raj takes care of it until 2026-03-05T13:00:00Z: on it");

        scene.pass(Duration.ofHours(3).minus(MINUTE));
        assertThat(scene.pager.taken()).hasSize(2);
        assertThat(scene.phone.taken()).isEmpty();

        scene.pass(MINUTE);
        assertThat(scene.pager.kinds()).containsExactly(OPENED, ACKNOWLEDGED, REMINDED);
        scene.pass(minutes(10));
        assertThat(scene.phone.kinds()).containsExactly(OPENED);
    }

    @Test
    void nothingIsTakenCareOfForEver() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        Incident taken = scene.take(DEAD_TARGET, Duration.ofDays(3650)).orElseThrow();

        Acknowledgement acknowledged = Objects.requireNonNull(taken.acknowledged());
        assertThat(acknowledged.until()).isEqualTo(Scene.BEGIN.plus(Duration.ofHours(24)));
        scene.pass(Duration.ofHours(24));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, ACKNOWLEDGED, REMINDED);
    }

    @Test
    void anAcknowledgementThatEndsAtNightWakesNobodyBeforeSomebodyWasToldAgain() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T20:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.take(DEAD_TARGET, Duration.ofHours(7));

        scene.until(at("2026-03-06T05:59"));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, ACKNOWLEDGED);
        assertThat(scene.pager.taken()).isEmpty();

        scene.until(at("2026-03-06T06:29"));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, ACKNOWLEDGED, REMINDED);
        scene.pass(MINUTE);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
    }

    @Test
    void whatBecomesWorseIsToldThoughSomebodyTakesCare() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.take(DEAD_TARGET, Duration.ofHours(3));

        scene.fails(DEAD_TARGET, "hourly", Severity.CRITICAL);

        assertThat(scene.mail.kinds()).containsExactly(OPENED, ACKNOWLEDGED, RAISED);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        scene.pass(minutes(10));
        assertThat(scene.phone.kinds()).containsExactly(OPENED);
    }

    @Test
    void whatSomebodyTakesCareOfBeforeAnybodyWasToldIsToldNobody() {
        scene = Scene.withNights();
        scene.until(at("2026-03-05T23:00"));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.take(DEAD_TARGET, Duration.ofHours(12));

        scene.until(at("2026-03-06T10:59"));
        assertThat(scene.mail.taken()).isEmpty();
        scene.pass(MINUTE);
        assertThat(scene.mail.kinds()).containsExactly(OPENED);
    }

    @Test
    void theEndIsToldToEverybodyWhoWasToldAndToNobodyElse() {
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.pass(minutes(10));

        scene.succeeds(DEAD_TARGET, "nightly");

        assertThat(scene.pager.kinds()).containsExactly(OPENED, RESOLVED);
        assertThat(scene.phone.kinds()).containsExactly(OPENED, RESOLVED);
        assertThat(scene.phone.last().members()).containsExactly("nightly");
        assertThat(scene.chief.taken()).isEmpty();
        assertThat(scene.mail.taken()).isEmpty();
        assertThat(scene.escalation.incidents()).isEmpty();
        scene.pass(Duration.ofDays(2));
        assertThat(scene.pager.taken()).hasSize(2);
    }

    @Test
    void whatComesBackIsToldAgain() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.succeeds(DEAD_TARGET, "nightly");
        scene.pass(minutes(45));

        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        assertThat(scene.mail.kinds()).containsExactly(OPENED, RESOLVED, OPENED);
        assertThat(scene.mail.last().since()).isEqualTo(Scene.BEGIN);
    }

    @Test
    void whatComesAndGoesIsNotToldEachTime() {
        for (int i = 0; i < 10; i++) {
            scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
            scene.pass(MINUTE);
            scene.succeeds(DEAD_TARGET, "nightly");
            scene.pass(MINUTE);
        }
        assertThat(scene.mail.kinds()).containsExactly(OPENED, RESOLVED, OPENED);

        scene.pass(minutes(30));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, RESOLVED, OPENED, RESOLVED);
    }

    @Test
    void whatFailsForAShortTimeBetweenTwoLooksIsNoNews() {
        scene.escalation.failed(Scene.report(DEAD_TARGET, "nightly", Severity.CRITICAL));
        scene.escalation.mended(new Proof.JobSucceeded("s3-main", "nightly"));
        scene.escalation.tick();

        assertThat(scene.pager.taken()).isEmpty();
    }

    @Test
    void warningsAreToldOnceADayTogether() {
        scene.fails(SLOW, "nightly", Severity.WARNING);
        scene.pass(HOUR);
        scene.fails(DEAD_TARGET, "nightly", Severity.WARNING);
        scene.until(at("2026-03-06T07:59"));
        assertThat(scene.mail.taken()).isEmpty();

        scene.pass(MINUTE);
        assertThat(scene.mail.kinds()).containsExactly(OPENED);
        Notification digest = scene.mail.last();
        assertThat(digest.severity()).isEqualTo(Severity.WARNING);
        assertThat(digest.title()).isEqualTo("Warnings: 2 new");
        assertThat(digest.since()).isEqualTo(Scene.BEGIN);
        assertThat(digest.members())
                .containsExactly(
                        "new: STORE_UNAVAILABLE at s3-main (" + DEAD_TARGET.id() + ")",
                        "new: WINDOW_AT_RISK at emr (" + SLOW.id() + ")");

        scene.succeeds(SLOW, "nightly");
        scene.pass(Duration.ofDays(1));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, REMINDED);
        assertThat(scene.mail.last().title()).isEqualTo("Warnings: 1 open, 1 over");

        scene.succeeds(DEAD_TARGET, "nightly");
        scene.pass(Duration.ofDays(3));
        assertThat(scene.mail.kinds()).containsExactly(OPENED, REMINDED, RESOLVED);
        assertThat(scene.mail.last().title()).isEqualTo("Warnings: 1 over");
        assertThat(scene.mail.taken()).extracting(Notification::incident).containsOnly(digest.incident());
    }

    @Test
    void aWarningThatIsOverOrTakenCareOfIsNotInTheDigest() {
        scene.fails(SLOW, "nightly", Severity.WARNING);
        scene.fails(DEAD_TARGET, "nightly", Severity.WARNING);
        scene.succeeds(SLOW, "nightly");
        scene.take(DEAD_TARGET, Duration.ofHours(24));

        scene.until(at("2026-03-06T10:00"));
        assertThat(scene.mail.taken()).isEmpty();

        scene.until(at("2026-03-07T10:00"));
        assertThat(scene.mail.last().title()).isEqualTo("Warnings: 1 new");
    }

    @Test
    void aWarningThatComesAfterTheDigestWaitsForTheNextOne() {
        scene.until(at("2026-03-06T09:00"));
        scene.fails(SLOW, "nightly", Severity.WARNING);

        scene.until(at("2026-03-07T07:59"));
        assertThat(scene.mail.taken()).isEmpty();
        scene.pass(MINUTE);
        assertThat(scene.mail.taken()).hasSize(1);
    }

    @Test
    void aWarningThatBecomesAnErrorLeavesTheDigest() {
        scene.fails(SLOW, "nightly", Severity.WARNING);
        scene.until(at("2026-03-06T09:00"));
        scene.fails(SLOW, "nightly", Severity.ERROR);
        assertThat(scene.mail.kindsOf(SLOW.id())).containsExactly(OPENED);
        scene.take(SLOW, Duration.ofHours(20));
        scene.succeeds(SLOW, "nightly");
        assertThat(scene.mail.kindsOf(SLOW.id())).containsExactly(OPENED, ACKNOWLEDGED, RESOLVED);

        scene.pass(Duration.ofDays(2));

        assertThat(scene.mail.last().title()).isEqualTo("No warnings are left");
        assertThat(scene.mail.last().kind()).isEqualTo(RESOLVED);
        assertThat(scene.mail.taken()).hasSize(5);
    }

    @Test
    void theDigestComesAtItsHourAlsoAfterTheClockWasChanged() {
        scene = new Scene(
                scene.rules.withDigestAt(LocalTime.of(7, 30)),
                IncidentStore.inMemory(),
                Instant.parse("2026-03-27T12:00:00Z"));
        scene.fails(SLOW, "nightly", Severity.WARNING);

        scene.pass(Duration.ofDays(4));

        assertThat(scene.mail.taken())
                .extracting(Notification::time)
                .containsExactly(
                        Instant.parse("2026-03-28T06:30:00Z"),
                        Instant.parse("2026-03-29T05:30:00Z"),
                        Instant.parse("2026-03-30T05:30:00Z"),
                        Instant.parse("2026-03-31T05:30:00Z"));
    }

    @Test
    void aNoticeIsToldNobody() {
        scene.fails(SLOW, "nightly", Severity.NOTICE);

        scene.pass(Duration.ofDays(3));

        assertThat(scene.mail.taken()).isEmpty();
        assertThat(scene.only().severity()).isEqualTo(Severity.NOTICE);
    }

    @Test
    void theMostUrgentIncidentsComeFirst() {
        scene.fails(SLOW, "nightly", Severity.ERROR);
        scene.pass(MINUTE);
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.fails(new Cause("NO_SPACE", "disk"), "nightly", Severity.ERROR);

        assertThat(scene.escalation.incidents())
                .extracting(each -> each.cause().resource())
                .containsExactly("s3-main", "emr", "disk");
    }

    @Test
    void aClockThatIsSetBackHoldsNothingBackForLong() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.mail.is(FakeChannel.Mode.AWAY);
        scene.fails(SLOW, "nightly", Severity.ERROR);
        scene.time.advance(Duration.ofDays(-3));
        scene.mail.is(FakeChannel.Mode.UP);

        scene.escalation.tick();
        scene.pass(minutes(30));

        assertThat(scene.mail.kindsOf(SLOW.id())).startsWith(OPENED);
        assertThat(scene.pager.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
        assertThat(scene.escalation.due().orElseThrow())
                .isBefore(scene.time.now().plus(Duration.ofDays(1)));
    }
}
