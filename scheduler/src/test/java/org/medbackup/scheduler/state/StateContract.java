package org.medbackup.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.SeededEntropy;

/** What holds for every store of the state. */
abstract class StateContract {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    static final Duration LONG = Duration.ofMinutes(10);

    private final List<StateDatabase> opened = new ArrayList<>();
    private Store store = new Store.Sqlite(java.nio.file.Path.of("none"));
    private long seed = 1;

    abstract Store newStore();

    /** The clock that leases run on, as far as the process has a say in it. */
    abstract TimeSource time();

    /** Lets leases of so long end. */
    abstract void letPass(Duration lease);

    @BeforeEach
    void makeStore() {
        store = newStore();
    }

    @AfterEach
    void closeAll() {
        opened.forEach(StateDatabase::close);
    }

    StateDatabase open(String worker, String host) {
        StateDatabase state = store.open(worker, host, time(), new SeededEntropy(seed++));
        opened.add(state);
        return state;
    }

    static NewRun run(String job, long seen, Instant due) {
        return new NewRun(job, due, seen, NewRun.NEVER, 0, null, NewRun.NEVER, Map.of());
    }

    private static NewRun pinned(String job, @Nullable String host) {
        return new NewRun(job, NOON, 0, NewRun.NEVER, 0, host, NewRun.NEVER, Map.of());
    }

    private Lease claimed(StateDatabase state, String... jobs) {
        return state.claim(Set.of(jobs), LONG, NOON).orElseThrow();
    }

    private StateDatabase withJobs(String... jobs) {
        StateDatabase state = open("a", "one");
        state.configure(List.of(jobs), NOON);
        return state;
    }

    @Test
    void aRunIsMadeOnceForATimeAndWhileNoneIsOpen() {
        StateDatabase state = withJobs("ehr");

        assertThat(state.enqueue(run("ehr", 0, NOON)))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{32}"));
        assertThat(state.enqueue(run("ehr", 1, NOON.plusSeconds(1)))).isEmpty();

        Lease lease = claimed(state, "ehr");
        assertThat(state.finish(lease.run(), lease.epoch(), RunResult.good(NOON), NOON))
                .isTrue();
        assertThat(state.enqueue(run("ehr", 1, NOON))).as("the same time").isEmpty();
        assertThat(state.enqueue(run("ehr", 0, NOON.plusSeconds(1))))
                .as("an old plan")
                .isEmpty();
        assertThat(state.enqueue(run("ehr", 1, NOON.plusSeconds(1)))).isPresent();
        assertThat(state.jobs().getFirst().lastDue()).isEqualTo(NOON.plusSeconds(1));
        assertThat(state.jobs().getFirst().enqueued()).isEqualTo(2);
        assertThat(state.enqueue(run("nobody", 0, NOON))).isEmpty();
    }

    @Test
    void aRunThatIsRefusedBecauseOneIsOpenUsesUpNoTime() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));

        state.enqueue(run("ehr", 1, NOON.plusSeconds(60)));

        assertThat(state.jobs().getFirst().lastDue()).isEqualTo(NOON);
        assertThat(state.jobs().getFirst().enqueued()).isEqualTo(1);
    }

    @Test
    void aPausedJobGetsARunByHandOnly() {
        StateDatabase state = withJobs("ehr");
        assertThat(state.pause("ehr", true)).isTrue();
        assertThat(state.pause("nobody", true)).isFalse();

        assertThat(state.enqueue(run("ehr", 0, NOON))).isEmpty();
        assertThat(state.enqueueByHand(run("ehr", 0, NOON))).isPresent();
        assertThat(state.jobs().getFirst().paused()).isTrue();
        assertThat(state.jobs().getFirst().lastDue()).isNull();
        assertThat(state.enqueueByHand(run("ehr", 0, NOON.plusSeconds(1)))).isEmpty();
    }

    @Test
    void theMostUrgentIsTakenFirstAndThenTheOneOfHigherPriority() {
        StateDatabase state = withJobs("a", "b", "c", "d");
        state.enqueue(new NewRun("a", NOON, 0, NOON.plusSeconds(9), 0, null, NewRun.NEVER, Map.of()));
        state.enqueue(new NewRun("b", NOON, 0, NOON.plusSeconds(9), 5, null, NewRun.NEVER, Map.of()));
        state.enqueue(new NewRun("c", NOON, 0, NOON.plusSeconds(1), 0, null, NewRun.NEVER, Map.of()));
        state.enqueue(run("d", 0, NOON));

        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            order.add(claimed(state, "a", "b", "c").job());
        }

        assertThat(order).containsExactly("c", "b", "a");
        assertThat(state.claim(Set.of("a", "b", "c"), LONG, NOON)).isEmpty();
        assertThat(state.claim(Set.of(), LONG, NOON)).isEmpty();
        assertThat(state.open()).extracting(RunRecord::state).contains(RunState.PENDING);
    }

    @Test
    void noMoreRunsUseAResourceThanMay() {
        StateDatabase state = withJobs("a", "b", "c");
        Map<String, Integer> uses = Map.of("target:vault", 2);
        for (String job : List.of("a", "b", "c")) {
            state.enqueue(new NewRun(job, NOON, 0, NewRun.NEVER, 0, null, NewRun.NEVER, uses));
        }
        Lease first = claimed(state, "a", "b", "c");
        claimed(state, "a", "b", "c");

        assertThat(state.claim(Set.of("a", "b", "c"), LONG, NOON)).isEmpty();
        state.finish(first.run(), first.epoch(), RunResult.good(NOON), NOON);
        assertThat(claimed(state, "a", "b", "c").job()).isEqualTo("c");
    }

    @Test
    void aPinnedRunWaitsForItsHost() {
        StateDatabase here = withJobs("files");
        StateDatabase there = open("b", "two");
        here.enqueue(pinned("files", "two"));

        assertThat(here.claim(Set.of("files"), LONG, NOON)).isEmpty();
        assertThat(claimed(there, "files").job()).isEqualTo("files");
        assertThat(there.open()).singleElement().satisfies(run -> {
            assertThat(run.host()).isEqualTo("two");
            assertThat(run.pinnedHost()).isEqualTo("two");
            assertThat(run.worker()).isEqualTo(there.worker()).startsWith("b#");
        });
        assertThat(here.workers()).extracting(WorkerRecord::host).contains("one", "two");
    }

    @Test
    void aWorkerThatWasOvertakenChangesNothingAnyMore() {
        StateDatabase slow = withJobs("ehr");
        StateDatabase quick = open("b", "two");
        Duration lease = Duration.ofMillis(200);
        slow.enqueue(run("ehr", 0, NOON));
        Lease before = slow.claim(Set.of("ehr"), lease, NOON).orElseThrow();
        assertThat(slow.checkpoint(before.run(), before.epoch(), new byte[] {7, 8}))
                .isTrue();
        assertThat(quick.claim(Set.of("ehr"), LONG, NOON)).as("held").isEmpty();
        letPass(lease);

        Lease after = claimed(quick, "ehr");

        assertThat(after.run()).isEqualTo(before.run());
        assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
        assertThat(after.attempt()).isEqualTo(2);
        assertThat(after.checkpoint()).containsExactly(7, 8);
        assertThat(slow.isHeld(before.run(), before.epoch())).isFalse();
        assertThat(slow.renew(LONG)).isEmpty();
        assertThat(slow.checkpoint(before.run(), before.epoch(), new byte[1])).isFalse();
        assertThat(slow.publish(before.run(), before.epoch())).isFalse();
        assertThat(slow.release(before.run(), before.epoch(), NOON)).isFalse();
        assertThat(slow.finish(before.run(), before.epoch(), RunResult.good(NOON), NOON))
                .isFalse();
        assertThat(quick.isHeld(after.run(), after.epoch())).isTrue();
        assertThat(quick.renew(LONG)).containsExactly(new Held(after.run(), after.epoch(), false));
        assertThat(quick.publish(after.run(), after.epoch())).isTrue();
        assertThat(quick.finish(after.run(), after.epoch(), RunResult.good(NOON), NOON))
                .isTrue();
    }

    @Test
    void oneAttemptPublishesHoweverOftenItAsks() {
        StateDatabase first = withJobs("ehr");
        StateDatabase second = open("b", "two");
        Duration lease = Duration.ofMillis(200);
        first.enqueue(run("ehr", 0, NOON));
        Lease one = first.claim(Set.of("ehr"), lease, NOON).orElseThrow();
        assertThat(one.published()).isFalse();
        assertThat(first.publish(one.run(), one.epoch())).isTrue();
        assertThat(first.publish(one.run(), one.epoch())).isTrue();
        letPass(lease);

        Lease two = claimed(second, "ehr");

        assertThat(two.published()).isTrue();
        assertThat(second.publish(two.run(), two.epoch())).isFalse();
        assertThat(second.runs("ehr", 1).getFirst().published()).isTrue();
    }

    @Test
    void theEndOfARunIsSaidTwiceWhereTheAnswerWasLost() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");
        RunResult failed = RunResult.without(RunState.FAILED, "STORE_UNAVAILABLE");

        assertThat(state.finish(lease.run(), lease.epoch(), failed, NOON)).isTrue();
        assertThat(state.finish(lease.run(), lease.epoch(), failed, NOON)).isTrue();

        assertThat(state.jobs().getFirst().failures()).isEqualTo(1);
        assertThat(state.runs("ehr", 5)).singleElement().satisfies(run -> {
            assertThat(run.failure()).isEqualTo("STORE_UNAVAILABLE");
            assertThat(run.state()).isEqualTo(RunState.FAILED);
            assertThat(run.ended()).isEqualTo(NOON);
            assertThat(run.begun()).isEqualTo(NOON);
        });
    }

    @Test
    void aGoodEndIsKeptForItsJobAndEachTarget() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");
        Instant end = NOON.plusSeconds(90);
        var result = new RunResult(RunState.DEGRADED, NOON.plusSeconds(5), Set.of("", "vault"), null);

        state.finish(lease.run(), lease.epoch(), result, end);
        state.goodPoint(new GoodPoint("ehr", "", NOON.minusSeconds(100)));
        state.goodPoint(new GoodPoint("archive", "vault", NOON));

        assertThat(state.goodPoints())
                .containsExactly(
                        new GoodPoint("archive", "vault", NOON),
                        new GoodPoint("ehr", "", NOON.plusSeconds(5)),
                        new GoodPoint("ehr", "vault", NOON.plusSeconds(5)));
        JobRecord job = state.jobs().getFirst();
        assertThat(job.lastGood()).isEqualTo(NOON.plusSeconds(5));
        assertThat(job.lastGoodEnded()).isEqualTo(end);
        assertThat(job.lastState()).isEqualTo(RunState.DEGRADED);
        assertThat(job.lastBegun()).isEqualTo(NOON);
        assertThat(job.configuredAt()).isEqualTo(NOON);
        assertThat(state.durations("ehr", 5)).containsExactly(Duration.ofSeconds(90));
    }

    @Test
    void whatIsSaidOfTimesThatHaveNotComeIsForgottenAndTheRestIsKept() {
        Instant early = Instant.parse("2025-12-01T12:00:00Z");
        StateDatabase state = open("a", "one");
        state.configure(List.of("ehr", "ward"), early);
        Instant far = Instant.parse("2126-03-02T12:00:00Z");
        state.configure(List.of("lab"), far);
        for (Instant when : List.of(early, far)) {
            state.enqueue(run("ehr", when.equals(early) ? 0 : 1, when));
            Lease lease = state.claim(Set.of("ehr"), LONG, when).orElseThrow();
            state.finish(lease.run(), lease.epoch(), new RunResult(RunState.SUCCEEDED, when, Set.of(""), null), when);
        }
        state.enqueue(run("ward", 0, early));
        Lease open = state.claim(Set.of("ward"), LONG, early).orElseThrow();
        state.checkpoint(open.run(), open.epoch(), new byte[] {7});

        assertThat(state.correctClock(LONG)).isPositive();

        assertThat(state.jobs()).extracting(JobRecord::name).containsExactly("ehr", "lab", "ward");
        assertThat(state.jobs()).extracting(JobRecord::configuredAt).allMatch(far::isAfter);
        assertThat(state.jobs().getFirst()).satisfies(job -> {
            assertThat(job.configuredAt()).isEqualTo(early);
            assertThat(job.lastGood()).isNull();
            assertThat(job.lastGoodEnded()).isNull();
            assertThat(job.lastDue()).isNull();
            assertThat(job.lastBegun()).isNull();
            assertThat(job.lastEnded()).isNull();
            assertThat(job.enqueued()).isEqualTo(2);
        });
        assertThat(state.goodPoints()).isEmpty();
        assertThat(state.runs("ehr", 9)).extracting(RunRecord::due).containsExactly(early);
        assertThat(state.isHeld(open.run(), open.epoch())).isTrue();
        assertThat(state.correctClock(LONG)).as("it is right now").isZero();
        state.enqueue(run("ehr", 2, far));
        assertThat(state.open()).extracting(RunRecord::due).contains(far);
    }

    @Test
    void aRunThatIsGivenBackGoesOnLaterWithItsCheckpoint() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");
        state.checkpoint(lease.run(), lease.epoch(), new byte[] {1});
        state.checkpoint(lease.run(), lease.epoch(), new byte[] {2});

        assertThat(state.release(lease.run(), lease.epoch(), NOON.plusSeconds(60)))
                .isTrue();

        assertThat(state.claim(Set.of("ehr"), LONG, NOON)).isEmpty();
        Lease again = state.claim(Set.of("ehr"), LONG, NOON.plusSeconds(60)).orElseThrow();
        assertThat(again.checkpoint()).containsExactly(2);
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void aCheckpointHasABound() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");

        assertThat(state.checkpoint(lease.run(), lease.epoch(), new byte[StateDatabase.MOST_CHECKPOINT_BYTES]))
                .isTrue();
        assertThatThrownBy(() ->
                        state.checkpoint(lease.run(), lease.epoch(), new byte[StateDatabase.MOST_CHECKPOINT_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasNotBegunInTimeIsCancelled() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(new NewRun("ehr", NOON, 0, NewRun.NEVER, 0, null, NOON.plusSeconds(60), Map.of("host:x", 1)));

        assertThat(state.settle(NOON.plusSeconds(59))).isZero();
        assertThat(state.settle(NOON.plusSeconds(60))).isEqualTo(1);

        assertThat(state.runs("ehr", 1)).extracting(RunRecord::state).containsExactly(RunState.CANCELLED);
        assertThat(state.jobs().getFirst().lastState()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void aRunThatSomebodyEndsIsToldOfItOrEndsAtOnceWhereNobodyHasIt() {
        StateDatabase state = withJobs("a", "b");
        state.enqueue(run("a", 0, NOON));
        Lease lease = claimed(state, "a");
        state.enqueue(run("b", 0, NOON));

        assertThat(state.cancel("a")).isEqualTo(1);
        assertThat(state.cancel("b")).isEqualTo(1);
        assertThat(state.settle(NOON)).isEqualTo(1);

        assertThat(state.renew(LONG)).containsExactly(new Held(lease.run(), lease.epoch(), true));
        assertThat(state.runs("b", 1)).extracting(RunRecord::state).containsExactly(RunState.CANCELLED);
        assertThat(state.open())
                .singleElement()
                .satisfies(run -> assertThat(run.cancelRequested()).isTrue());
    }

    @Test
    void oldRunsAreForgottenAndOpenOnesAreNot() {
        StateDatabase state = withJobs("a", "b");
        state.enqueue(run("a", 0, NOON));
        Lease lease = claimed(state, "a");
        state.finish(lease.run(), lease.epoch(), RunResult.good(NOON), NOON);
        state.enqueue(run("b", 0, NOON));

        assertThat(state.prune(NOON)).isZero();
        assertThat(state.prune(NOON.plusSeconds(1))).isEqualTo(1);

        assertThat(state.runs("a", 9)).isEmpty();
        assertThat(state.open()).hasSize(1);
    }

    @Test
    void twoWorkersOnOneStateTakeEachRunOnce() throws Exception {
        int jobs = 40;
        List<String> names = java.util.stream.IntStream.range(0, jobs)
                .mapToObj(each -> "job" + each)
                .toList();
        StateDatabase one = withJobs(names.toArray(String[]::new));
        StateDatabase two = open("b", "two");
        Callable<List<String>> enqueueAndTake1 = () -> enqueueAndTake(one, names);
        Callable<List<String>> enqueueAndTake2 = () -> enqueueAndTake(two, names);

        List<String> taken = new ArrayList<>();
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            for (Future<List<String>> each : both.invokeAll(List.of(enqueueAndTake1, enqueueAndTake2))) {
                taken.addAll(each.get());
            }
        }

        assertThat(taken).doesNotHaveDuplicates().hasSize(jobs);
        assertThat(one.open())
                .hasSize(jobs)
                .allSatisfy(run -> assertThat(run.epoch()).isEqualTo(1));
    }

    private static List<String> enqueueAndTake(StateDatabase state, List<String> names) {
        List<String> taken = new ArrayList<>();
        for (String name : names) {
            boolean made = state.enqueue(run(name, 0, NOON)).isPresent();
            assertThat(made || state.jobs().stream().anyMatch(job -> job.enqueued() == 1))
                    .isTrue();
            state.claim(Set.copyOf(names), LONG, NOON).ifPresent(lease -> taken.add(lease.run()));
        }
        for (var left = state.claim(Set.copyOf(names), LONG, NOON); left.isPresent(); ) {
            taken.add(left.get().run());
            left = state.claim(Set.copyOf(names), LONG, NOON);
        }
        return taken;
    }

    @Test
    void anInterruptEndsNoCallAndIsKept() {
        StateDatabase state = withJobs("ehr");

        Thread.currentThread().interrupt();
        boolean made = state.enqueue(run("ehr", 0, NOON)).isPresent();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(made).isTrue();
    }

    @Test
    void aClosedStateSaysSo() {
        StateDatabase state = open("a", "one");
        state.close();
        opened.clear();

        assertThatThrownBy(state::jobs)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_DATABASE_UNAVAILABLE));
    }

    @Test
    void anEndIsAnEnd() {
        assertThatThrownBy(() -> RunResult.without(RunState.RUNNING, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Objects.requireNonNull(RunResult.good(NOON).goodPoint())).isEqualTo(NOON);
    }

    /** Before the clocks of both stores. */
    private static final Instant DAWN = Instant.parse("2025-12-01T06:00:00Z");

    private static final String ONE = "1".repeat(32);
    private static final String TWO = "2".repeat(32);
    private static final String THREE = "3".repeat(32);

    /** Of a host that has jobs and targets of its own. */
    private static final Catalogue.View ONLY_ONE = new Catalogue.View() {
        @Override
        public boolean counts(CataloguedPoint point) {
            return point.host().equals("one");
        }

        @Override
        public boolean sees(CataloguedPoint point) {
            return counts(point);
        }
    };

    private static CataloguedPoint point(String target, String snapshot, Instant point) {
        return new CataloguedPoint(target, snapshot, "ehr", "one", point, CataloguedPoint.Kind.COMPLETE);
    }

    private static Catalogue.Found found(Set<String> present, CataloguedPoint... unknown) {
        return new Catalogue.Found(present, List.of(unknown), Map.of());
    }

    private static CataloguedPoint.Proof proof(Instant at, boolean whole) {
        return new CataloguedPoint.Proof(at, "CONTENT", whole);
    }

    @Test
    void whatATargetHasIsReadIntoTheCatalogueAndCountsForItsJob() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        Catalogue.Reading reading = catalogue.begin("vault");
        assertThat(reading.known()).isEmpty();
        assertThat(reading.proven()).isEqualTo(Instant.EPOCH);
        var log = new CataloguedPoint("vault", THREE, "ehr", "one", DAWN, CataloguedPoint.Kind.LOG);
        var partial =
                new CataloguedPoint("vault", TWO, "ehr", "one", DAWN.minusSeconds(10), CataloguedPoint.Kind.INCOMPLETE);

        Catalogue.Change change = catalogue.end(
                reading,
                new Catalogue.Found(
                        Set.of(ONE, TWO, THREE),
                        List.of(point("vault", ONE, DAWN.minusSeconds(60)), partial, log),
                        Map.of(ONE, proof(DAWN.minusSeconds(5), true))),
                Catalogue.View.WHOLE);

        assertThat(change).isEqualTo(new Catalogue.Change(3, 3, Set.of()));
        assertThat(state.goodPoints()).containsExactly(new GoodPoint("ehr", "vault", DAWN.minusSeconds(60)));
        assertThat(state.jobs().getFirst().lastGood()).isEqualTo(DAWN.minusSeconds(60));
        assertThat(catalogue.points()).extracting(CataloguedPoint::snapshot).containsExactly(THREE, TWO, ONE);
        assertThat(catalogue.points("ehr").getLast()).satisfies(each -> {
            assertThat(each.proof()).isEqualTo(proof(DAWN.minusSeconds(5), true));
            assertThat(each.host()).isEqualTo("one");
            assertThat(each.isGood()).isTrue();
        });
        assertThat(catalogue.points("lab")).isEmpty();
        assertThat(catalogue.lastProven()).containsExactly(Map.entry("ehr", DAWN.minusSeconds(5)));
        assertThat(catalogue.objectOf(TWO)).contains("ehr");
        assertThat(catalogue.objectOf("absent")).isEmpty();
        assertThat(catalogue.readings()).containsOnlyKeys("vault");
        Catalogue.Reading next = catalogue.begin("vault");
        assertThat(next.known()).containsExactlyInAnyOrder(ONE, TWO, THREE);
        assertThat(next.proven()).isEqualTo(DAWN.minusSeconds(5));
        assertThat(next.whole().known()).isEmpty();
    }

    @Test
    void aRestorePointThatIsNotThereAnyMoreDoesNotCount() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        catalogue.end(
                catalogue.begin(""),
                found(Set.of(ONE, TWO), point("", ONE, DAWN.minusSeconds(60)), point("", TWO, DAWN)),
                Catalogue.View.WHOLE);
        assertThat(state.jobs().getFirst().lastGood()).isEqualTo(DAWN);
        letPass(Duration.ofMillis(5));

        assertThat(catalogue.end(catalogue.begin(""), found(Set.of(ONE)), Catalogue.View.WHOLE))
                .isEqualTo(new Catalogue.Change(1, 0, Set.of(TWO)));
        assertThat(state.goodPoints()).containsExactly(new GoodPoint("ehr", "", DAWN.minusSeconds(60)));
        assertThat(state.jobs().getFirst().lastGood()).isEqualTo(DAWN.minusSeconds(60));

        letPass(Duration.ofMillis(5));
        catalogue.end(catalogue.begin(""), found(Set.of()), Catalogue.View.WHOLE);
        assertThat(state.goodPoints()).isEmpty();
        assertThat(state.jobs().getFirst().lastGood()).isNull();
        assertThat(catalogue.points()).isEmpty();
    }

    @Test
    void aRunThatEndsWhileATargetIsReadStays() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        Catalogue.Reading reading = catalogue.begin("");
        letPass(Duration.ofMillis(5));
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");
        state.finish(lease.run(), lease.epoch(), RunResult.good(DAWN).with(List.of(TWO)), NOON);

        Catalogue.Change change =
                catalogue.end(reading, found(Set.of(ONE), point("", ONE, DAWN.minusSeconds(60))), Catalogue.View.WHOLE);

        assertThat(change).isEqualTo(new Catalogue.Change(2, 1, Set.of()));
        assertThat(state.jobs().getFirst().lastGood()).isEqualTo(DAWN);
        assertThat(state.run(lease.run()).orElseThrow().snapshots()).containsExactly(TWO);
        assertThat(state.run("absent")).isEmpty();
    }

    @Test
    void aRunThatEndsWritesItsRestorePointsDownAtEachTargetThatHasThem() {
        StateDatabase state = withJobs("ehr");
        state.enqueue(run("ehr", 0, NOON));
        Lease lease = claimed(state, "ehr");

        state.finish(
                lease.run(),
                lease.epoch(),
                new RunResult(RunState.SUCCEEDED, DAWN, Set.of("", "vault"), null, List.of(ONE, TWO)),
                NOON);
        Catalogue catalogue = state.catalogue();
        catalogue.end(
                catalogue.begin("vault"),
                found(Set.of(ONE, TWO, THREE), point("vault", THREE, DAWN.minusSeconds(1))),
                Catalogue.View.WHOLE);

        assertThat(state.catalogue().points())
                .containsExactly(
                        point("", ONE, DAWN),
                        point("vault", ONE, DAWN),
                        point("", TWO, DAWN),
                        point("vault", TWO, DAWN),
                        point("vault", THREE, DAWN.minusSeconds(1)));
    }

    @Test
    void aRestorePointThatAProofFoundDamagedDoesNotCountUntilALaterOneFindsItWhole() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        catalogue.end(catalogue.begin(""), found(Set.of(ONE), point("", ONE, DAWN)), Catalogue.View.WHOLE);

        catalogue.end(
                catalogue.begin(""),
                new Catalogue.Found(Set.of(ONE), List.of(), Map.of(ONE, proof(DAWN.plusSeconds(1), false))),
                Catalogue.View.WHOLE);
        assertThat(state.goodPoints()).isEmpty();
        assertThat(catalogue.lastProven()).isEmpty();

        catalogue.end(
                catalogue.begin(""),
                new Catalogue.Found(Set.of(ONE), List.of(), Map.of(ONE, proof(DAWN.plusSeconds(2), true))),
                Catalogue.View.WHOLE);
        assertThat(state.goodPoints()).containsExactly(new GoodPoint("ehr", "", DAWN));
        catalogue.end(
                catalogue.begin(""),
                new Catalogue.Found(Set.of(ONE), List.of(), Map.of(ONE, proof(DAWN.plusSeconds(1), false))),
                Catalogue.View.WHOLE);
        assertThat(catalogue.lastProven()).as("an older proof says nothing").containsKey("ehr");
    }

    @Test
    void restorePointsOfAnotherHostOrOfTimesToComeDoNotCount() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        Instant far = Instant.parse("2126-03-02T12:00:00Z");

        catalogue.end(
                catalogue.begin(""),
                found(
                        Set.of(ONE, TWO, THREE),
                        new CataloguedPoint("", ONE, "ehr", "two", DAWN, CataloguedPoint.Kind.COMPLETE),
                        point("", TWO, far),
                        new CataloguedPoint("", THREE, "", "one", DAWN, CataloguedPoint.Kind.COMPLETE)),
                ONLY_ONE);

        assertThat(catalogue.points()).hasSize(3);
        assertThat(state.goodPoints()).isEmpty();
        assertThat(state.jobs().getFirst().lastGood()).isNull();
    }

    @Test
    void whatAHostCannotSeeIsNotGoneBecauseItDoesNotFindIt() {
        Catalogue catalogue = withJobs("ehr").catalogue();
        var elsewhere = new CataloguedPoint("", TWO, "ehr", "two", DAWN, CataloguedPoint.Kind.COMPLETE);
        catalogue.end(
                catalogue.begin(""), found(Set.of(ONE, TWO), point("", ONE, DAWN), elsewhere), Catalogue.View.WHOLE);
        letPass(Duration.ofMillis(5));

        Catalogue.Change change = catalogue.end(catalogue.begin(""), found(Set.of()), ONLY_ONE);

        assertThat(change).isEqualTo(new Catalogue.Change(1, 0, Set.of(ONE)));
        assertThat(catalogue.points()).containsExactly(elsewhere);
    }

    @Test
    void aTargetThatIsNotConfiguredAnyMoreIsForgotten() {
        StateDatabase state = withJobs("ehr");
        Catalogue catalogue = state.catalogue();
        for (String target : List.of("", "vault")) {
            catalogue.end(catalogue.begin(target), found(Set.of(ONE), point(target, ONE, DAWN)), Catalogue.View.WHOLE);
        }

        catalogue.keepOnly(Set.of(""));

        assertThat(catalogue.points()).extracting(CataloguedPoint::target).containsExactly("");
        assertThat(catalogue.readings()).containsOnlyKeys("");
        assertThat(state.goodPoints()).extracting(GoodPoint::target).containsExactly("");
    }

    @Test
    void aWishUnderTheSameKeyMakesOneRunFromWhicheverWorker() {
        StateDatabase state = withJobs("ehr", "lab");
        AskedRun asked = state.enqueueByHand(run("ehr", 0, NOON), "key-1", NOON).orElseThrow();
        assertThat(asked.job()).isEqualTo("ehr");
        assertThat(asked.key()).isEqualTo("key-1");
        StateDatabase other = open("b", "two");

        assertThat(other.enqueueByHand(run("ehr", 1, NOON.plusSeconds(1)), "key-1", NOON))
                .contains(asked);
        assertThat(other.enqueueByHand(run("lab", 0, NOON), "key-1", NOON))
                .as("the key was used for another job")
                .contains(asked);
        assertThat(other.enqueueByHand(run("ehr", 1, NOON.plusSeconds(1)), "key-2", NOON))
                .as("one is open")
                .isEmpty();
        Lease lease = claimed(state, "ehr");
        state.finish(lease.run(), lease.epoch(), RunResult.good(NOON), NOON);
        assertThat(other.enqueueByHand(run("ehr", 1, NOON.plusSeconds(1)), "key-1", NOON))
                .as("also when it is over")
                .contains(asked);
        state.prune(NOON.plusSeconds(60));
        assertThat(other.enqueueByHand(run("ehr", 1, NOON.plusSeconds(1)), "key-1", NOON))
                .hasValueSatisfying(next -> assertThat(next.run()).isNotEqualTo(asked.run()));
    }

    private static Drilled drilled(String application, int hours, Drilled.Outcome outcome, double share) {
        return new Drilled(
                "monthly",
                "ward",
                application,
                NOON.plus(Duration.ofHours(hours)),
                outcome,
                "RANDOM",
                "snapshot-" + application,
                Long.MIN_VALUE + 7,
                share,
                outcome == Drilled.Outcome.GOOD ? Duration.ofSeconds(90) : null,
                outcome == Drilled.Outcome.GOOD ? -3.5 : null);
    }

    @Test
    void aTimeOfADrillIsUsedByOneWorkerAloneAndWhatWasDrilledIsKept() {
        DrillLedger ledger = open("a", "one").drills();
        DrillLedger other = open("b", "two").drills();
        Instant due = NOON.plus(Duration.ofHours(1));

        assertThat(ledger.standing("monthly")).isEmpty();
        assertThat(ledger.known("monthly", NOON)).isEqualTo(new DrillLedger.Standing(NOON, NOON));
        assertThat(other.known("monthly", due).since()).isEqualTo(NOON);
        assertThat(other.use("monthly", due, due)).isTrue();
        assertThat(ledger.use("monthly", due, due)).isFalse();
        assertThat(ledger.use("unknown", due, due)).isFalse();
        assertThat(ledger.standing("monthly")).contains(new DrillLedger.Standing(NOON, due));
        assertThat(ledger.use("monthly", NOON.minusSeconds(5), NOON))
                .as("a clock that was ahead")
                .isTrue();
        assertThat(ledger.known("monthly", NOON.minusSeconds(60)).since()).isEqualTo(NOON.minusSeconds(60));

        List<Drilled> first = List.of(
                drilled("ehr", 1, Drilled.Outcome.GOOD, 1),
                drilled("pacs", 1, Drilled.Outcome.GOOD, 0.05),
                drilled("mail", 1, Drilled.Outcome.INCONCLUSIVE, 1));
        ledger.record(first);
        ledger.record(first);
        ledger.record(List.of(drilled("ehr", 30, Drilled.Outcome.MISSED, 1)));

        assertThat(other.drilled("monthly"))
                .containsExactly(
                        drilled("ehr", 30, Drilled.Outcome.MISSED, 1), first.get(0), first.get(2), first.get(1));
        assertThat(other.tested()).isEqualTo(Map.of("snapshot-ehr", NOON.plus(Duration.ofHours(30))));
        assertThat(other.drilled("monthly")).extracting(Drilled::isCovered).containsExactly(false, true, false, false);
        assertThat(other.drilled("monthly")).extracting(Drilled::isWhole).containsExactly(true, true, false, false);
        ledger.record(List.of(drilled("ehr", 24 * 2_300, Drilled.Outcome.GOOD, 1)));
        assertThat(other.drilled("monthly")).as("years later").hasSize(1);
    }
}
