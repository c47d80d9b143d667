package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.core.spi.notify.Notification.Kind.ACKNOWLEDGED;
import static org.medbackup.core.spi.notify.Notification.Kind.OPENED;
import static org.medbackup.core.spi.notify.Notification.Kind.RAISED;
import static org.medbackup.core.spi.notify.Notification.Kind.REMINDED;
import static org.medbackup.core.spi.notify.Notification.Kind.RESOLVED;
import static org.medbackup.resilience.escalation.Scene.DEAD_TARGET;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.FakeChannel.Mode;

/** How messages get to channels that fail, are slow, or have had enough. */
class OutboxTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Cause MAIL_AWAY = new Cause("NOTIFICATION_UNDELIVERED", "mail");
    private static final Cause MAIL_REFUSES = new Cause("NOTIFICATION_REFUSED", "mail");

    private Scene scene = new Scene();

    private static Cause cause(int number) {
        return new Cause("NO_SPACE", "target-" + number);
    }

    private List<BackupEvent.PhaseEnded> deliveries() {
        return scene.events.of(BackupEvent.PhaseEnded.class).stream()
                .filter(each -> each.phase().equals("notification"))
                .toList();
    }

    @Test
    void aChannelThatDoesNotAnswerIsTriedAgainLessAndLessOften() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        assertThat(scene.mail.attempts()).isEqualTo(1);

        scene.pass(Duration.ofSeconds(5));
        assertThat(scene.mail.attempts()).isEqualTo(2);
        scene.pass(Duration.ofSeconds(9));
        assertThat(scene.mail.attempts()).isEqualTo(2);
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.mail.attempts()).isEqualTo(3);

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
    }

    @Test
    void whatIsOverBeforeAnybodyWasToldIsNotSent() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.pass(Duration.ofSeconds(2));
        scene.succeeds(DEAD_TARGET, "nightly");

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofHours(2));

        assertThat(scene.mail.taken()).isEmpty();
    }

    @Test
    void aChannelThatFailsIsAnIncidentThatIsToldOnTheOthers() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.pager.kindsOf(MAIL_AWAY.id())).containsExactly(OPENED);
        assertThat(scene.phone.kindsOf(MAIL_AWAY.id())).containsExactly(OPENED);
        assertThat(scene.pager.last().resource()).isEqualTo("mail");
        assertThat(scene.pager.last().host()).isEqualTo("backup01");
        assertThat(scene.pager.last().tried()).contains("2 times");
        assertThat(scene.pager.last().next()).isEqualTo(Scene.BEGIN.plusSeconds(15));

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(1));

        assertThat(scene.pager.kindsOf(MAIL_AWAY.id())).containsExactly(OPENED, RESOLVED);
        assertThat(scene.mail.kindsOf(MAIL_AWAY.id())).isEmpty();
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
        assertThat(scene.escalation.incidents()).hasSize(1);
    }

    @Test
    void aChannelThatFailedIsAskedAgainThoughThereIsNothingLeftToSay() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.pass(Duration.ofSeconds(10));
        scene.succeeds(DEAD_TARGET, "nightly");
        scene.pass(MINUTE);
        assertThat(scene.only().cause()).isEqualTo(MAIL_AWAY);

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.escalation.incidents()).isEmpty();
        assertThat(scene.mail.kindsOf(MAIL_AWAY.id())).containsExactly(OPENED, RESOLVED);
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).isEmpty();
    }

    @Test
    void whatIsCriticalGoesToTheNextRouteAtOnceWhereThePagerDoesNotAnswer() {
        scene.pager.is(Mode.AWAY);

        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);

        assertThat(scene.phone.kinds()).containsExactly(OPENED);
        assertThat(scene.chief.taken()).isEmpty();
        scene.pager.is(Mode.UP);
        scene.pass(Duration.ofSeconds(30));
        assertThat(scene.pager.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
    }

    @Test
    void whatIsCriticalGoesToEverybodyWhereNoRouteAnswers() {
        scene.pager.is(Mode.AWAY);
        scene.phone.is(Mode.REFUSING);
        scene.chief.is(Mode.BROKEN);

        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);

        assertThat(scene.mail.kinds()).containsExactly(OPENED);
    }

    @Test
    void whatIsCriticalArrivesWithinHalfAMinuteOnceAnyChannelWorks() {
        for (FakeChannel each : List.of(scene.mail, scene.pager, scene.phone, scene.chief)) {
            each.is(Mode.AWAY);
        }
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.pass(Duration.ofHours(3));

        scene.chief.is(Mode.UP);
        scene.pass(Duration.ofSeconds(30));

        assertThat(scene.chief.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
    }

    @Test
    void aMessageThatIsRefusedHoldsUpNoOther() {
        scene.mail.refuse(DEAD_TARGET.id());
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.fails(cause(1), "nightly", Severity.ERROR);
        scene.fails(cause(2), "nightly", Severity.ERROR);
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.mail.kindsOf(cause(1).id())).containsExactly(OPENED);
        assertThat(scene.mail.kindsOf(cause(2).id())).containsExactly(OPENED);

        scene.mail.refuseNothing();
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED);
    }

    @Test
    void aChannelThatRefusesEverythingIsAnIncidentToo() {
        scene.mail.is(Mode.REFUSING);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.pass(Duration.ofSeconds(10));

        assertThat(scene.pager.kindsOf(MAIL_REFUSES.id())).containsExactly(OPENED);
        scene.mail.is(Mode.UP);
        scene.pass(MINUTE);
        assertThat(scene.pager.kindsOf(MAIL_REFUSES.id())).containsExactly(OPENED, RESOLVED);
    }

    @Test
    void theOnlyChannelThereIsIsToldOfItsOwnFailureWhenItWorksAgain() {
        scene = new Scene(EscalationRules.of(Routes.of("mail"), Scene.BERLIN), IncidentStore.inMemory());
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.pass(Duration.ofHours(1));
        scene.succeeds(DEAD_TARGET, "nightly");
        scene.pass(Duration.ofHours(1));

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.mail.kindsOf(MAIL_AWAY.id())).containsExactly(OPENED, RESOLVED);
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).isEmpty();
    }

    @Test
    void theNewestOfWhatWasNotHandedOverIsTold() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.mail.is(Mode.AWAY);
        scene.take(DEAD_TARGET, Duration.ofHours(1));
        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.mail.is(Mode.UP);
        scene.pass(MINUTE);
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED, RAISED);

        scene.mail.is(Mode.AWAY);
        scene.pass(Duration.ofHours(2));
        scene.succeeds(DEAD_TARGET, "nightly");
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.mail.is(Mode.UP);
        scene.pass(MINUTE);
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED, RAISED, OPENED);
    }

    @Test
    void anAcknowledgementFollowsWhatIsAcknowledged() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.take(DEAD_TARGET, Duration.ofMinutes(10));
        scene.mail.is(Mode.UP);
        scene.pass(MINUTE);
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED, ACKNOWLEDGED);

        scene.mail.is(Mode.AWAY);
        scene.pass(Duration.ofMinutes(10));
        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED, ACKNOWLEDGED, REMINDED);
    }

    @Test
    void anAcknowledgementThatEndedBeforeItWasToldIsNotTold() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.mail.is(Mode.AWAY);
        scene.take(DEAD_TARGET, Duration.ofMinutes(10));
        scene.pass(Duration.ofMinutes(11));

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.mail.kindsOf(DEAD_TARGET.id())).containsExactly(OPENED, REMINDED);
    }

    @Test
    void whatIsMoreThanTheLimitOfAnHourIsOneMessageThatNamesIt() {
        for (int i = 0; i < 100; i++) {
            scene.escalation.failed(Scene.report(cause(i), "nightly", Severity.ERROR));
        }
        scene.escalation.tick();

        assertThat(scene.mail.taken()).hasSize(30);
        Notification surplus = scene.mail.last();
        assertThat(surplus.kind()).isEqualTo(OPENED);
        assertThat(surplus.severity()).isEqualTo(Severity.ERROR);
        assertThat(surplus.title()).isEqualTo("71 more in one message: 71 new; this channel takes 30 an hour");
        assertThat(surplus.members()).hasSize(71).allMatch(each -> each.startsWith("new: NO_SPACE at target-"));
        assertThat(surplus.incident()).matches("surplus-[0-9a-f]{8}");
    }

    @Test
    void theEndOfWhatWasToldInOneMessageIsToldInOneMessage() {
        for (int i = 0; i < 100; i++) {
            scene.escalation.failed(Scene.report(cause(i), "nightly", Severity.ERROR));
        }
        scene.escalation.tick();
        String surplus = scene.mail.last().incident();
        for (int i = 0; i < 100; i++) {
            scene.escalation.mended(new Proof.ResourceWorks(cause(i)));
        }
        scene.pass(Duration.ofHours(2));

        assertThat(scene.mail.taken()).hasSize(30 + 29 + 1);
        assertThat(scene.mail.taken())
                .filteredOn(each -> each.kind() == RESOLVED)
                .hasSize(30);
        assertThat(scene.mail.kindsOf(surplus)).containsExactly(OPENED, RESOLVED);
        assertThat(scene.pager.taken()).isEmpty();
    }

    @Test
    void whatIsCriticalIsToldBesideTheLimit() {
        for (int i = 0; i < 40; i++) {
            scene.escalation.failed(Scene.report(cause(i), "nightly", Severity.ERROR));
        }
        scene.escalation.tick();
        scene.pass(Duration.ofMinutes(30));

        assertThat(scene.pager.taken()).hasSize(40);
        assertThat(scene.mail.taken()).hasSize(30 + 40);
    }

    @Test
    void afterTheStormTheLastOfTheMessageOnSeveralIsOverToo() {
        Scene small = new Scene(
                scene.rules
                        .withLadder(new Ladder(
                                Duration.ofDays(9),
                                MINUTE,
                                Duration.ofHours(4),
                                Duration.ofHours(4),
                                Duration.ofHours(4)))
                        .withDelivery(new Delivery(2, Duration.ofSeconds(5), MINUTE, MINUTE, 2, MINUTE)),
                IncidentStore.inMemory());
        for (int i = 0; i < 3; i++) {
            small.fails(cause(i), "nightly", Severity.ERROR);
        }
        small.pass(Duration.ofHours(3));
        assertThat(small.mail.taken()).hasSize(3);
        // Reminders are gathered where there is no room; the ends of what was told by itself are not.
        small.pass(Duration.ofHours(3));
        assertThat(small.mail.last().incident()).startsWith("surplus-");
        for (int i = 0; i < 3; i++) {
            small.works(cause(i));
        }
        small.pass(Duration.ofHours(9));

        for (String incident : small.mail.taken().stream()
                .map(Notification::incident)
                .distinct()
                .toList()) {
            assertThat(small.mail.kindsOf(incident).getLast()).isEqualTo(RESOLVED);
        }
    }

    @Test
    void eachDeliveryIsAnEventWithItsReceipt() {
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofSeconds(5));

        assertThat(deliveries()).hasSize(2).allMatch(each -> each.operation().equals(DEAD_TARGET.id()));
        assertThat(deliveries())
                .extracting(BackupEvent.PhaseEnded::outcome)
                .containsExactly(Outcome.FAILURE, Outcome.SUCCESS);
        assertThat(deliveries().getFirst().facts().open()).containsEntry("code", "NOTIFICATION_UNDELIVERED");
        assertThat(deliveries().getLast().facts().open())
                .containsEntry("channel", "mail")
                .containsEntry("kind", "opened")
                .containsEntry("severity", "error")
                .containsEntry("receipt", "mail-1");
    }

    @Test
    void whatBecomesOfAnIncidentIsAnEventAndWhoTookItIsItsActor() {
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.take(DEAD_TARGET, Duration.ofHours(1));
        scene.succeeds(DEAD_TARGET, "nightly");

        assertThat(scene.events.of(BackupEvent.PhaseEnded.class))
                .extracting(BackupEvent.PhaseEnded::phase)
                .containsExactly(
                        "incident-opened", "notification", "notification", "incident-resolved", "notification");
        BackupEvent.Ended taken = scene.events.of(BackupEvent.Ended.class).getFirst();
        assertThat(taken.actor().name()).isEqualTo("raj");
        assertThat(taken.actor().reason()).isEqualTo("on it");
        assertThat(taken.facts().open()).containsEntry("until", "2026-03-05T11:00:00Z");
    }

    @Test
    void eventsThatCannotBeKeptKeepNobodyFromBeingToldAndAreAnIncident() {
        boolean[] full = {true};
        EventSink sink = event -> {
            if (full[0]) {
                throw ErrorCode.NO_SPACE.because("the audit trail");
            }
        };
        Escalation escalation = Escalation.open(
                scene.rules,
                scene.channels(),
                Escalation.Parts.of("backup01", IncidentStore.inMemory(), sink, scene.time));
        escalation.failed(Scene.report(DEAD_TARGET, "nightly", Severity.ERROR));
        escalation.tick();
        assertThat(scene.mail.taken())
                .extracting(Notification::resource)
                .containsExactlyInAnyOrder("s3-main", "events");

        full[0] = false;
        escalation.mended(new Proof.ResourceWorks(DEAD_TARGET));
        escalation.tick();
        assertThat(escalation.incidents()).isEmpty();
    }

    @Test
    void aSlowChannelHoldsUpNobodyAndOthersAreAskedForWhatIsCritical() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Escalation escalation = open(tasks::addLast);
        List<Optional<Instant>> due = new ArrayList<>();
        scene.pager.during(() -> {
            scene.time.advance(Duration.ofSeconds(29));
            escalation.tick();
            assertThat(tasks).isEmpty();
            due.add(escalation.due());
            scene.time.advance(Duration.ofSeconds(1));
            escalation.tick();
            tasks.removeFirst().run();
        });
        escalation.failed(Scene.report(DEAD_TARGET, "nightly", Severity.CRITICAL));
        escalation.tick();

        tasks.removeFirst().run();

        assertThat(due).containsExactly(Optional.of(Scene.BEGIN.plusSeconds(30)));
        assertThat(scene.phone.kinds()).containsExactly(OPENED);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        assertThat(scene.chief.taken()).isEmpty();
    }

    private Escalation open(Executor sending) {
        return Escalation.open(
                scene.rules,
                scene.channels(),
                new Escalation.Parts("backup01", IncidentStore.inMemory(), EventSink.none(), scene.time, sending));
    }

    @Test
    void whatEndsWhileItIsToldIsToldToBeOver() {
        scene.pager.during(() -> scene.succeeds(DEAD_TARGET, "nightly"));

        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);

        assertThat(scene.pager.kinds()).containsExactly(OPENED, RESOLVED);
    }

    @Test
    void whatEndsWhileItIsNotTakenIsNotToldAtAll() {
        scene.pager.is(Mode.AWAY);
        scene.pager.during(() -> scene.succeeds(DEAD_TARGET, "nightly"));

        scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL);
        scene.pager.is(Mode.UP);
        scene.pass(Duration.ofHours(1));

        assertThat(scene.pager.taken()).isEmpty();
        assertThat(scene.phone.taken()).isEmpty();
    }

    @Test
    void aDigestThatIsNotTakenComesLater() {
        scene.fails(DEAD_TARGET, "nightly", Severity.WARNING);
        scene.mail.is(Mode.REFUSING);
        scene.pass(Duration.ofHours(22));
        assertThat(scene.mail.taken()).isEmpty();

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.mail.taken().getFirst().title()).isEqualTo("Warnings: 1 new");
    }

    @Test
    void aMessageOnSeveralThatIsNotTakenComesLater() {
        for (int i = 0; i < 40; i++) {
            scene.escalation.failed(Scene.report(cause(i), "nightly", Severity.ERROR));
        }
        after(29, () -> scene.mail.is(Mode.AWAY));
        scene.escalation.tick();
        assertThat(scene.mail.taken()).hasSize(29);

        scene.mail.is(Mode.UP);
        scene.pass(Duration.ofSeconds(5));
        assertThat(scene.mail.last().members()).hasSize(11);
    }

    private void after(int messages, Runnable what) {
        scene.mail.during(messages == 0 ? what : () -> after(messages - 1, what));
    }

    @Test
    void anInterruptLosesNothing() {
        scene.pager.during(() -> {
            throw ErrorCode.CANCELLED.because("interrupted");
        });
        assertThatThrownBy(() -> scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL))
                .isInstanceOf(CancelledException.class);

        scene.escalation.tick();
        scene.pass(MINUTE);

        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        assertThat(scene.escalation.incidents()).hasSize(1);
    }

    @Test
    void whereNothingCanBeSentNowItIsSentLater() {
        boolean[] closed = {true};
        Escalation escalation = open(task -> {
            if (closed[0]) {
                throw new RejectedExecutionException();
            }
            task.run();
        });
        escalation.failed(Scene.report(DEAD_TARGET, "nightly", Severity.CRITICAL));
        assertThatThrownBy(escalation::tick).isInstanceOf(RejectedExecutionException.class);
        assertThat(escalation.due()).contains(scene.time.now());

        closed[0] = false;
        escalation.tick();

        assertThat(scene.pager.kinds()).containsExactly(OPENED);
    }

    @Test
    void aChannelThatIsNotThereOrHasNoNameIsRefused() {
        var parts = Escalation.Parts.of("backup01", IncidentStore.inMemory(), EventSink.none(), scene.time);
        EscalationRules unnamed = EscalationRules.of(Routes.of("/dev/null"), Scene.BERLIN);

        assertThatThrownBy(() -> Escalation.open(scene.rules, Map.of("mail", scene.mail), parts))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not there");
        assertThatThrownBy(() -> Escalation.open(unnamed, Map.of("/dev/null", scene.mail), parts))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a name that is none");
    }
}
