package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** Processes that share a limit by a file, on a simulated clock: each is an arbiter of its own with its own mapping. */
class NeighboursTest {

    private static final long MILLISECOND = 1_000_000;
    private static final long LIMIT = 20_000_000;
    private static final long SLICE = 40_960;

    @TempDir
    Path temp;

    private final Set<Owner> dead = new HashSet<>();
    private final List<Sharer> processes = new ArrayList<>();
    private int numbers;

    static LongStream seeds() {
        return Seeds.of(4);
    }

    /** One process and what it has of the shared limit. */
    private final class Sharer {
        private final Owner owner = new Owner(++numbers, 7);
        private final Arbiter arbiter = new Arbiter();
        private final Ledger host = new Ledger("disk.read");
        private final Neighbours neighbours;

        private Sharer(long now, long limit) {
            neighbours = Neighbours.join(temp.resolve("limits"), owner, dead::contains, now);
            neighbours.share(host, now);
            host.limit(now, limit);
            neighbours.publish();
            arbiter.share(neighbours);
            processes.add(this);
        }

        private Route route(Flow work, Flow job) {
            return new Route(work, job, List.of(new Ledger("job"), host), List.of());
        }

        /** As SIGKILL leaves it: nothing is written any more, not even that it is gone. */
        private void kill(SimulatedWorkers workers) {
            workers.kill(arbiter);
            dead.add(owner);
        }
    }

    @AfterEach
    void leave() {
        processes.forEach(process -> process.neighbours.close());
    }

    private static Windows with(SimulatedWorkers workers, Sharer process, int jobs, int threads) {
        var seen = new Windows();
        var work = new Flow(100);
        for (int job = 0; job < jobs; job++) {
            Route route = process.route(work, new Flow(1));
            for (int thread = 0; thread < threads; thread++) {
                workers.add(process.arbiter, route, SLICE, seen);
            }
        }
        return seen;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noSecondOfAllTogetherIsAboveTheLimitWhoeverIsStoppedOrKilled(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var workers = new SimulatedWorkers(random, SimulatedWorkers.Life.HARD);
        var seen = new Windows();
        List<Sharer> alive = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            while (alive.size() < 3) {
                Sharer process = new Sharer(workers.now(), LIMIT);
                alive.add(process);
                Route route = process.route(new Flow(random.between(1, 100)), new Flow(1));
                for (int thread = random.between(1, 4); thread > 0; thread--) {
                    workers.add(process.arbiter, route, SLICE, seen);
                }
            }
            workers.runUntil(workers.now() + random.between(10, 1500) * MILLISECOND);
            alive.remove(random.between(0, alive.size() - 1)).kill(workers);
        }

        assertThat(seen.fullest(0)).isLessThanOrEqualTo(LIMIT).isGreaterThan(LIMIT / 2);
        assertThat(alive)
                .allSatisfy(process -> assertThat(process.host.takeHighest()).isLessThanOrEqualTo(1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void processesGetTheSameHoweverManyThreadsTheyHaveAndTakeOverFromOneThatIsKilled(long seed) {
        var workers = new SimulatedWorkers(SeededRandom.of(seed), SimulatedWorkers.Life.QUIET);
        List<Windows> seen = new ArrayList<>();
        for (int threads : new int[] {1, 4, 8}) {
            seen.add(with(workers, new Sharer(workers.now(), LIMIT), 1, threads));
        }
        workers.runUntil(10 * Windows.SECOND);

        double all = seen.stream().mapToLong(Windows::total).sum();
        assertThat(all / 10 / LIMIT).isBetween(0.98, 1.0);
        assertThat(seen).allSatisfy(each -> assertThat(each.total() / all).isCloseTo(1 / 3.0, within(0.02)));

        processes.getFirst().kill(workers);
        long killed = workers.now();
        workers.runUntil(killed + 5 * Windows.SECOND);
        double rest = seen.get(1).between(killed, workers.now()) + seen.get(2).between(killed, workers.now());
        assertThat(rest / 5 / LIMIT).isBetween(0.98, 1.0);
        // Nobody is held up by it, not for a tenth of a second.
        assertThat(seen.get(1).between(killed, killed + 100 * MILLISECOND)).isPositive();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aProcessWithTwoJobsGetsTwiceAsMuch(long seed) {
        var workers = new SimulatedWorkers(SeededRandom.of(seed), SimulatedWorkers.Life.QUIET);
        Windows two = with(workers, new Sharer(workers.now(), LIMIT), 2, 2);
        Windows one = with(workers, new Sharer(workers.now(), LIMIT), 1, 4);

        workers.runUntil(10 * Windows.SECOND);

        assertThat((double) two.total() / one.total()).isCloseTo(2, within(0.1));
        assertThat((two.total() + one.total()) / 10.0 / LIMIT).isBetween(0.98, 1.0);
    }

    @Test
    void whatOneDoesNotUseTheOtherDoesAndOneThatComesBackGetsItsPartAgain() {
        var workers = new SimulatedWorkers(SeededRandom.of(1), SimulatedWorkers.Life.QUIET);
        Sharer slow = new Sharer(workers.now(), LIMIT);
        Windows other = with(workers, new Sharer(workers.now(), LIMIT), 1, 2);
        var own = new Ledger("job");
        own.limit(0, LIMIT / 10);
        var seen = new Windows();
        var work = new Flow(100);
        workers.add(slow.arbiter, new Route(work, new Flow(1), List.of(own, slow.host), List.of()), SLICE, seen);
        workers.runUntil(6 * Windows.SECOND);

        assertThat(seen.total() / 6.0 / LIMIT).isCloseTo(0.1, within(0.01));
        assertThat(other.total() / 6.0 / LIMIT).isCloseTo(0.9, within(0.03));

        Windows more = with(workers, slow, 1, 2);
        workers.runUntil(12 * Windows.SECOND);
        assertThat(more.total() / 6.0 / LIMIT).isGreaterThan(0.4);
    }

    @Test
    void aLimitOnOperationsIsSharedToo() {
        var workers = new SimulatedWorkers(SeededRandom.of(1), SimulatedWorkers.Life.QUIET);
        var seen = new Windows();
        for (int i = 0; i < 2; i++) {
            Sharer process = new Sharer(workers.now(), Ledger.UNLIMITED);
            var operations = new Ledger("disk.read.iops");
            process.neighbours.share(operations, workers.now());
            operations.limit(workers.now(), 100);
            var route = new Route(new Flow(1), new Flow(1), List.of(process.host), List.of(operations));
            workers.add(process.arbiter, route, 4096, seen);
        }
        workers.runUntil(5 * Windows.SECOND);

        assertThat(seen.fullest(0)).isLessThanOrEqualTo(100 * 4096);
        assertThat(seen.total()).isGreaterThan(5 * 95 * 4096);
    }

    @Test
    void whoTakesAtTheSameTimeFromManyThreadsNeverTakesTheSameTwice() throws Exception {
        long limit = 30_000_000;
        long begun = System.nanoTime();
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Future<Windows>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Sharer process = new Sharer(begun, limit);
                Route route = process.route(new Flow(1), new Flow(1));
                tasks.add(pool.submit(() -> {
                    var seen = new Windows();
                    while (System.nanoTime() < begun + 1500 * MILLISECOND) {
                        Arbiter.Waiting demand = process.arbiter.submit(route, 100);
                        while (!demand.isGranted()) {
                            process.arbiter.grant(System.nanoTime());
                        }
                        seen.add(System.nanoTime(), 100);
                        process.arbiter.commit(route, System.nanoTime(), 100, 100);
                    }
                    return seen;
                }));
            }
            long used = 0;
            var all = new Windows();
            for (Future<Windows> task : tasks) {
                used += task.get().total();
                all.addAll(task.get());
            }

            Sharer last = processes.getLast();
            last.neighbours.refresh(System.nanoTime());
            assertThat(last.host.total()).isEqualTo(used).isPositive();
            assertThat(last.host.inFlight()).isZero();
            assertThat(all.fullest(0)).isLessThanOrEqualTo(limit);
        }
    }

    @Test
    void whatADeadProcessHadInFlightCountsAsUsedOnceItIsCertainlyDead() {
        Sharer first = new Sharer(1, 1000);
        Sharer second = new Sharer(1, 1000);
        Route route = first.route(new Flow(1), new Flow(1));
        first.arbiter.submit(route, 900);
        assertThat(first.arbiter.grant(MILLISECOND)).hasSize(1);

        second.neighbours.refresh(5 * Windows.SECOND);
        assertThat(second.host.fits(5 * Windows.SECOND, 200)).isFalse();
        assertThat(second.host.inFlight()).isEqualTo(900);

        dead.add(first.owner);
        second.neighbours.refresh(6 * Windows.SECOND);
        assertThat(second.host.inFlight()).isZero();
        assertThat(second.host.used(6 * Windows.SECOND)).isEqualTo(900);
        assertThat(second.host.fits(6 * Windows.SECOND, 200)).isFalse();
        assertThat(second.host.fits(7 * Windows.SECOND + 5 * MILLISECOND, 200)).isTrue();
    }

    @Test
    void whoLeavesTakesWhatHeKnowsWithHimAndTheOthersKeepIt() {
        Sharer stays = new Sharer(1, 1000);
        Sharer leaves = new Sharer(1, 1000);
        Route route = leaves.route(new Flow(1), new Flow(1));
        leaves.arbiter.submit(route, 300);
        assertThat(leaves.arbiter.grant(MILLISECOND)).hasSize(1);

        processes.remove(leaves);
        leaves.arbiter.share(Commons.ALONE);
        leaves.neighbours.close();

        assertThat(leaves.host.isShared()).isFalse();
        assertThat(leaves.host.inFlight()).isEqualTo(300);
        leaves.arbiter.commit(route, 2 * MILLISECOND, 300, 300);
        assertThat(leaves.host.inFlight()).isZero();
        stays.neighbours.refresh(2 * MILLISECOND);
        assertThat(stays.host.used(2 * MILLISECOND)).isEqualTo(300);
        assertThat(stays.host.inFlight()).isZero();
    }

    @Test
    void asManyAsThereIsRoomForMayJoinAndThoseWhoDiedMakeRoom() {
        for (int i = 0; i < Neighbours.OWNERS; i++) {
            new Sharer(1, LIMIT);
        }
        assertThatThrownBy(() -> new Sharer(2, LIMIT))
                .isInstanceOfSatisfying(
                        BackupException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));

        dead.add(processes.get(3).owner);
        assertThat(new Sharer(3, LIMIT).host.isShared()).isTrue();
    }

    @Test
    void moreDisksThanThereIsRoomForAreRefused() {
        Sharer process = new Sharer(1, LIMIT);
        for (int i = 1; i < Neighbours.LEDGERS; i++) {
            process.neighbours.share(new Ledger("disk" + i), 1);
        }
        assertThatThrownBy(() -> process.neighbours.share(new Ledger("one more"), 1))
                .isInstanceOfSatisfying(
                        BackupException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.INVALID_LIMIT));
    }

    @Test
    void aFileThatCannotBeMadeIsReported() {
        assertThatThrownBy(() -> SharedWords.open(temp.resolve("absent/limits"), 9, 2))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
        assertThatThrownBy(() -> SharedFolder.file(Files.createFile(temp.resolve("file")), "disk.read"))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void filesOfEarlierBootsAreRemovedAndAllOfThisBootFindTheSame() throws Exception {
        Path file = SharedFolder.file(temp.resolve("run"), "disk.read");
        Files.createFile(file);
        Path old = Files.createFile(temp.resolve("run/disk.read-1-0-77.limits"));
        Path socket = Files.createFile(temp.resolve("run/77.sock"));

        assertThat(SharedFolder.file(temp.resolve("run"), "disk.read")).isEqualTo(file);
        assertThat(SharedFolder.file(temp.resolve("run"), "disk.write")).isNotEqualTo(file);
        assertThat(old).doesNotExist();
        assertThat(file).exists();
        assertThat(socket).exists();
    }
}
