package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Incident.State;
import org.medbackup.resilience.escalation.IncidentBook.Change;

class IncidentBookTest {

    private static final Instant START = Instant.parse("2026-03-05T10:00:00Z");
    private static final Cause DEAD = new Cause("STORE_UNAVAILABLE", "s3-main");
    private static final Cause FULL = new Cause("NO_SPACE", "s3-main");

    private final List<Change> changes = new ArrayList<>();
    private final IncidentBook book = new IncidentBook(Damping.standard(), (change, incident) -> changes.add(change));
    private Instant now = START;

    private void fails(Cause cause, String job) {
        fails(cause, job, Severity.ERROR, null);
    }

    private void fails(Cause cause, String job, Severity severity, @Nullable Instant protectedUntil) {
        var description = new Description("title", "db01", "", null, "remedy");
        book.failed(new FailureReport(cause, job, severity, protectedUntil, description), now);
    }

    private void succeeds(String job) {
        book.mended(new Proof.JobSucceeded("s3-main", job), now);
    }

    private void works(Cause cause) {
        book.mended(new Proof.ResourceWorks(cause), now);
    }

    private void pass(int minutes) {
        now = now.plus(Duration.ofMinutes(minutes));
        book.pass(new Alarm(now), each -> false);
    }

    private Incident incident(Cause cause) {
        return book.find(cause.id()).orElseThrow();
    }

    private State state() {
        return incident(DEAD).state();
    }

    @Test
    void fourHundredJobsOnOneDeadTargetAreOneIncidentWithFourHundredMembers() {
        for (int i = 0; i < 400; i++) {
            fails(DEAD, "job-" + i);
        }

        assertThat(book.all()).hasSize(1);
        assertThat(incident(DEAD).jobs()).hasSize(400).isSorted();
        assertThat(incident(DEAD).reports()).isEqualTo(400);
        assertThat(changes).containsExactly(Change.OPENED);
    }

    @Test
    void twoCausesOnOneTargetAreTwoIncidents() {
        fails(DEAD, "nightly");
        fails(FULL, "nightly");

        assertThat(book.all()).hasSize(2);
        assertThat(DEAD.id()).isNotEqualTo(FULL.id()).matches("[0-9a-f]{16}");
        assertThat(new Cause("STORE_UNAVAILABLE", "s3-main").id()).isEqualTo(DEAD.id());
    }

    @Test
    void itIsOverWhenTheLastOfItsJobsHasSucceeded() {
        fails(DEAD, "one");
        fails(DEAD, "two");

        succeeds("one");
        assertThat(state()).isEqualTo(State.OPEN);
        assertThat(incident(DEAD).jobs()).containsExactly("two");

        succeeds("two");
        assertThat(state()).isEqualTo(State.RESOLVED);
        assertThat(incident(DEAD).jobs()).containsExactly("one", "two");
        assertThat(changes).containsExactly(Change.OPENED, Change.RESOLVED);
    }

    @Test
    void itIsOverForAllWhenTheResourceItselfWorks() {
        fails(DEAD, "one");
        fails(DEAD, "two");
        fails(FULL, "one");

        works(DEAD);

        assertThat(state()).isEqualTo(State.RESOLVED);
        assertThat(incident(FULL).state()).isEqualTo(State.OPEN);
    }

    @Test
    void theSuccessOfAJobEndsWhateverHeldItUpThere() {
        fails(DEAD, "one");
        fails(FULL, "one");
        fails(new Cause("NO_SPACE", "s3-copy"), "one");

        succeeds("one");

        assertThat(book.all().stream().filter(Incident::isOpen))
                .extracting(each -> each.cause().resource())
                .containsExactly("s3-copy");
    }

    @Test
    void theSuccessOfAJobThatDidNotFailProvesNothing() {
        fails(DEAD, "one");

        succeeds("another");

        assertThat(state()).isEqualTo(State.OPEN);
    }

    @Test
    void whatFailedWithoutAJobIsOverOnlyWhenTheResourceWorks() {
        fails(DEAD, "");
        fails(DEAD, "one");

        succeeds("one");
        assertThat(state()).isEqualTo(State.OPEN);
        assertThat(incident(DEAD).jobs()).isEmpty();

        works(DEAD);
        assertThat(state()).isEqualTo(State.RESOLVED);
    }

    @Test
    void aJobThatIsAlreadyRunningIsNoFailure() {
        fails(new Cause("ALREADY_RUNNING", "s3-main"), "one");
        fails(new Cause("already-running", "s3-main"), "one");

        assertThat(book.all()).isEmpty();
        assertThat(new Damping(Duration.ofHours(1), 3, Duration.ofMinutes(30), Set.of("CANCELLED")).noFailures())
                .containsExactly("cancelled");
    }

    @Test
    void withinAnHourItIsTheSameIncident() {
        fails(DEAD, "one");
        pass(40);
        succeeds("one");
        pass(60);

        fails(DEAD, "two");

        assertThat(incident(DEAD).since()).isEqualTo(START);
        assertThat(incident(DEAD).reports()).isEqualTo(2);
        assertThat(incident(DEAD).jobs()).containsExactly("two");
        assertThat(changes).containsExactly(Change.OPENED, Change.RESOLVED, Change.REOPENED);
    }

    @Test
    void afterAnHourItIsAnotherOneOfTheSameId() {
        fails(DEAD, "one");
        pass(40);
        succeeds("one");
        now = now.plus(Duration.ofMinutes(61));

        fails(DEAD, "two");

        assertThat(incident(DEAD).since()).isEqualTo(now);
        assertThat(incident(DEAD).reports()).isEqualTo(1);
    }

    @Test
    void anHourAfterItsEndItIsForgottenUnlessSomebodyHasToBeTold() {
        fails(DEAD, "one");
        succeeds("one");

        now = now.plus(Duration.ofMinutes(61));
        book.pass(new Alarm(now), each -> true);
        assertThat(book.find(DEAD.id())).isPresent();

        pass(0);
        assertThat(book.find(DEAD.id())).isEmpty();
    }

    @Test
    void whatComesAndGoesStaysOpenUntilItHasBeenCalm() {
        fails(DEAD, "one");
        pass(5);
        succeeds("one");
        pass(5);
        fails(DEAD, "one");
        pass(5);

        succeeds("one");
        assertThat(state()).as("four changes in a quarter of an hour").isEqualTo(State.OPEN);
        assertThat(incident(DEAD).mended()).isEqualTo(now);

        // The third change from the end was after five minutes.
        pass(19);
        assertThat(state()).isEqualTo(State.OPEN);
        pass(1);
        assertThat(state()).isEqualTo(State.RESOLVED);
        assertThat(changes).containsExactly(Change.OPENED, Change.RESOLVED, Change.REOPENED, Change.RESOLVED);
    }

    @Test
    void whatIsHeldOpenBecauseItComesAndGoesIsMendedByTheNextFailureNoMore() {
        fails(DEAD, "one");
        succeeds("one");
        fails(DEAD, "one");
        succeeds("one");

        pass(10);
        fails(DEAD, "one");
        pass(60);

        assertThat(state()).isEqualTo(State.OPEN);
        assertThat(incident(DEAD).mended()).isNull();
        assertThat(incident(DEAD).changes()).hasSize(3);
    }

    @Test
    void itIsAsUrgentAsTheMostUrgentFailure() {
        fails(DEAD, "one", Severity.WARNING, null);
        fails(DEAD, "two", Severity.ERROR, null);
        fails(DEAD, "one", Severity.WARNING, null);

        assertThat(incident(DEAD).severity()).isEqualTo(Severity.ERROR);
        assertThat(changes).containsExactly(Change.OPENED, Change.RAISED);
    }

    @Test
    void itIsProtectedUntilTheFirstOfThoseThatFailIsNot() {
        fails(DEAD, "one", Severity.ERROR, START.plusSeconds(600));
        fails(DEAD, "two", Severity.ERROR, START.plusSeconds(900));
        fails(DEAD, "three", Severity.ERROR, null);
        assertThat(incident(DEAD).protectedUntil()).isEqualTo(START.plusSeconds(600));

        succeeds("one");
        assertThat(incident(DEAD).protectedUntil()).isEqualTo(START.plusSeconds(900));
    }

    @Test
    void anAcknowledgementEndsByItselfAndWithWhatBecomesWorse() {
        fails(DEAD, "one");
        var taken = new Acknowledgement("raj", "on it", now, now.plus(Duration.ofHours(1)));
        assertThat(book.acknowledge(DEAD.id(), taken)).isPresent();

        pass(59);
        fails(DEAD, "two");
        assertThat(state()).isEqualTo(State.ACKNOWLEDGED);
        pass(1);
        assertThat(state()).isEqualTo(State.OPEN);

        book.acknowledge(DEAD.id(), new Acknowledgement("raj", "", now, now.plus(Duration.ofHours(1))));
        fails(DEAD, "two", Severity.CRITICAL, null);
        assertThat(state()).isEqualTo(State.OPEN);
        assertThat(incident(DEAD).acknowledged()).isNull();
        assertThat(changes)
                .containsExactly(
                        Change.OPENED, Change.ACKNOWLEDGED, Change.EXPIRED, Change.ACKNOWLEDGED, Change.RAISED);
    }

    @Test
    void aClockThatIsSetBackMakesNoAcknowledgementLonger() {
        fails(DEAD, "one");
        book.acknowledge(DEAD.id(), new Acknowledgement("raj", "", now, now.plus(Duration.ofHours(1))));

        now = START.minus(Duration.ofDays(10));
        var alarm = new Alarm(now);
        book.pass(alarm, each -> false);

        assertThat(alarm.next()).contains(now.plus(Duration.ofHours(1)));
    }

    @Test
    void nothingThatIsOverOrUnknownIsAcknowledgedOrRaised() {
        fails(DEAD, "one");
        works(DEAD);

        assertThat(book.acknowledge(DEAD.id(), new Acknowledgement("raj", "", now, now.plusSeconds(60))))
                .isEmpty();
        assertThat(book.raise("0123456789abcdef", Severity.CRITICAL)).isEmpty();
    }

    @Test
    void anAcknowledgementHasANameAndAnEndThatIsAfterItsBeginning() {
        assertThatThrownBy(() -> new Acknowledgement(" ", "", now, now.plusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Acknowledgement("raj", "", now, now)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noPathAndNoLineBreakGetsIntoAnIncident() {
        var cause = new Cause("SOURCE_UNREADABLE", "/srv/patients/mueller.pdf");
        assertThat(cause.resource()).matches("veiled-[0-9a-f]{8}");
        assertThat(new Proof.JobSucceeded("/srv/patients/mueller.pdf", "one").resource())
                .isEqualTo(cause.resource());

        var described = new Description("a\nb\u0007", "h".repeat(500), "", null, "");
        assertThat(described.title()).isEqualTo("a b");
        assertThat(described.host()).hasSize(400).endsWith("…");
        assertThat(Description.of(ErrorCode.NO_SPACE, "db01").remedy()).isEqualTo(ErrorCode.NO_SPACE.remedy());
    }

    @Test
    void anIncidentThatContradictsItselfIsNone() {
        fails(DEAD, "one");
        Incident open = incident(DEAD);

        assertThatThrownBy(() -> copy(open, State.ACKNOWLEDGED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> copy(open, State.RESOLVED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Damping(Duration.ofHours(1), 1, Duration.ofMinutes(30), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Damping(Duration.ofHours(-1), 3, Duration.ofMinutes(30), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Incident copy(Incident of, State state) {
        return new Incident(
                of.id(),
                of.cause(),
                of.severity(),
                state,
                of.members(),
                of.since(),
                of.lastSeen(),
                of.reports(),
                of.description(),
                null,
                null,
                of.changes());
    }
}
