package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class ArbiterTest {

    private static final long LIMIT = 10_000_000;
    private static final long SLICE = 20_000;
    private static final long RUN = 12 * Windows.SECOND;

    private final Ledger host = new Ledger("host");

    static LongStream seeds() {
        return Seeds.of(4);
    }

    private SimulatedWorkers workers(long seed) {
        host.limit(0, LIMIT);
        return new SimulatedWorkers(SeededRandom.of(seed), SimulatedWorkers.Life.QUIET);
    }

    private Windows with(SimulatedWorkers workers, Flow work, Flow job, int threads, Ledger... own) {
        var seen = new Windows();
        var ledgers = new java.util.ArrayList<>(List.of(own));
        ledgers.add(host);
        for (int i = 0; i < threads; i++) {
            workers.add(new Route(work, job, ledgers, List.of()), SLICE, seen);
        }
        return seen;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void classesDivideALimitByTheirWeightsHoweverManyThreadsTheyHave(long seed) {
        SimulatedWorkers workers = workers(seed);
        Windows restore = with(workers, new Flow(1000), new Flow(1), 2);
        Windows full = with(workers, new Flow(50), new Flow(1), 8);
        Windows prune = with(workers, new Flow(10), new Flow(1), 8);

        workers.runUntil(RUN);

        double all = restore.total() + full.total() + prune.total();
        assertThat(restore.total() / all).isCloseTo(1000.0 / 1060, within(0.03));
        assertThat(full.total() / all).isCloseTo(50.0 / 1060, within(0.02));
        assertThat(prune.total() / all).isCloseTo(10.0 / 1060, within(0.01)).isPositive();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anotherWeightCountsForWhatComes(long seed) {
        SimulatedWorkers workers = workers(seed);
        var work = new Flow(1000);
        Windows one = with(workers, work, new Flow(1), 2);
        Windows other = with(workers, new Flow(100), new Flow(1), 2);
        workers.runUntil(RUN);
        long before = one.total();
        long otherBefore = other.total();

        work.weigh(25);
        workers.runUntil(2 * RUN);

        assertThat((double) before / otherBefore).isCloseTo(10, within(1.0));
        assertThat((double) (one.total() - before) / (other.total() - otherBefore))
                .isCloseTo(0.25, within(0.03));
        assertThatThrownBy(() -> work.weigh(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void jobsOfAClassGetTheSame(long seed) {
        SimulatedWorkers workers = workers(seed);
        var work = new Flow(100);
        Windows one = with(workers, work, new Flow(1), 6);
        Windows other = with(workers, work, new Flow(1), 2);

        workers.runUntil(RUN);

        assertThat((double) one.total() / other.total()).isCloseTo(1, within(0.05));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatAClassDoesNotUseTheOthersDo(long seed) {
        SimulatedWorkers workers = workers(seed);
        var small = new Ledger("job");
        small.limit(0, LIMIT / 10);
        Windows limited = with(workers, new Flow(1000), new Flow(1), 2, small);
        Windows free = with(workers, new Flow(10), new Flow(1), 2);

        workers.runUntil(RUN);

        double seconds = (double) RUN / Windows.SECOND;
        assertThat(limited.total() / seconds / LIMIT).isCloseTo(0.1, within(0.01));
        assertThat(free.total() / seconds / LIMIT).isCloseTo(0.9, within(0.03));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLimitOnOperationsHoldsBesideTheOneOnBytes(long seed) {
        SimulatedWorkers workers = workers(seed);
        var operations = new Ledger("operations");
        operations.limit(0, 100);
        var seen = new Windows();
        workers.add(new Route(new Flow(1), new Flow(1), List.of(host), List.of(operations)), SLICE, seen);

        workers.runUntil(RUN);

        assertThat(seen.fullest(0)).isLessThanOrEqualTo(100 * SLICE);
        assertThat(seen.total()).isGreaterThan((long) (0.98 * 100 * SLICE * RUN / Windows.SECOND));
    }

    @Test
    void whoHasWaitedLongIsNotOvertakenByOneWhoNeedsLess() {
        host.limit(0, 1000);
        var arbiter = new Arbiter();
        var route = new Route(new Flow(1), new Flow(1), List.of(host), List.of());
        Arbiter.Waiting first = arbiter.submit(route, 900);
        assertThat(arbiter.grant(0)).containsExactly(first);
        Arbiter.Waiting large = arbiter.submit(route, 500);
        Arbiter.Waiting little = arbiter.submit(route, 1);

        assertThat(arbiter.grant(1)).isEmpty();

        assertThat(large.obstacle().ledger()).isSameAs(host);
        assertThat(large.isBehind()).isFalse();
        assertThat(little.isBehind()).isTrue();
        arbiter.withdraw(large);
        assertThat(arbiter.grant(Windows.SECOND / 2)).containsExactly(little);
        assertThat(arbiter.size()).isZero();
        assertThat(little.amount()).isEqualTo(1);
        assertThat(little.route()).isSameAs(route);
    }

    @Test
    void oneThatUsedNothingForLongHasNoClaimOnAllThatWasUsedMeanwhile() {
        SimulatedWorkers workers = workers(1);
        Windows busy = with(workers, new Flow(1), new Flow(1), 2);
        workers.runUntil(RUN);
        long before = busy.total();
        Windows late = with(workers, new Flow(1), new Flow(1), 2);

        workers.runUntil(RUN + 4 * Windows.SECOND);

        assertThat((double) (busy.total() - before) / late.total()).isCloseTo(1, within(0.05));
    }

    @Test
    void aWeightOfNothingIsAMistake() {
        assertThatThrownBy(() -> new Flow(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
