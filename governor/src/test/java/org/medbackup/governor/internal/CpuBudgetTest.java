package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

@Timeout(60)
class CpuBudgetTest {

    private static final long SECOND = 1_000_000_000;
    private static final long MILLISECOND = 1_000_000;

    /** A machine of one thread, on which time passes by waiting and by work. */
    private static final class Machine implements Pause, CpuClock {
        private long waking;

        private long now = 99 * SECOND;
        private long process;
        private final ThreadLocal<Long> thread = ThreadLocal.withInitial(() -> 0L);
        private final List<long[]> used = new ArrayList<>();

        void work(long nanos) {
            now += nanos;
            thread.set(thread.get() + nanos);
            use(nanos);
        }

        /** What others of the process use meanwhile. */
        void use(long nanos) {
            process += nanos;
            used.add(new long[] {now, nanos});
        }

        double fullest(long span) {
            long most = 0;
            long sum = 0;
            int first = 0;
            for (long[] last : used) {
                sum += last[1];
                while (last[0] - used.get(first)[0] >= span) {
                    sum -= used.get(first++)[1];
                }
                most = Math.max(most, sum);
            }
            return most;
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void await(long nanos) {
            now += nanos + 60_000;
            process += waking;
        }

        @Override
        public void wake(Thread thread) {
            throw new AssertionError("nobody else waits");
        }

        @Override
        public long process() {
            return process;
        }

        @Override
        public long thread() {
            return thread.get();
        }
    }

    /** Small units, such as those of small files, under small limits: to wait for each would take more than they do. */
    @ParameterizedTest(name = "a limit of {0} of 100")
    @ValueSource(ints = {2, 5, 10, 25})
    void whatWakingUpTakesDoesNotUseASmallLimitUp(int hundredths) {
        machine.waking = 15_000;
        budget.limit(SECOND / 100 * hundredths);
        long begun = machine.now;
        long worked = 0;
        while (machine.now < begun + 20 * SECOND) {
            budget.pass();
            machine.work(40_000);
            worked += 40_000;
        }

        assertThat(worked / 20.0 / (SECOND / 100 * hundredths)).isBetween(0.85, 1.0);
    }

    private final Machine machine = new Machine();
    private final CpuBudget budget = new CpuBudget(machine, machine);

    static LongStream seeds() {
        return Seeds.of(6);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noTenSecondsAreAboveTheLimitByMoreThanAUnitAndTheRestIsUsed(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        double limit = random.between(5, 90) / 100.0;
        budget.limit((long) (limit * SECOND));
        long begun = machine.now;
        while (machine.now < begun + 60 * SECOND) {
            budget.pass();
            machine.work(random.below(6 * MILLISECOND));
            if (random.oneIn(20)) {
                // A collector or a compiler beside it.
                machine.use(random.below((long) (limit * 4 * MILLISECOND)));
            }
        }

        double ten = machine.fullest(10 * SECOND) / SECOND;
        assertThat(ten).isLessThanOrEqualTo(limit * 10 + 0.020);
        assertThat(machine.process / 60.0 / SECOND / limit).isBetween(0.97, 1.001);
    }

    @Test
    void whoWaitsForADiskKeepsTheTimeOfNobody() throws Exception {
        budget.limit(SECOND / 2);
        long begun = machine.now;
        try (var others = Executors.newFixedThreadPool(3)) {
            while (machine.now < begun + 20 * SECOND) {
                for (int i = 0; i < 3; i++) {
                    others.submit(() -> {
                                budget.pass();
                                machine.work(3 * MILLISECOND);
                            })
                            .get();
                }
                // They read for so long.
                for (long until = machine.now + 50 * MILLISECOND; machine.now < until; ) {
                    budget.pass();
                    machine.work(3 * MILLISECOND);
                }
            }
        }

        assertThat(machine.process / (double) (machine.now - begun)).isBetween(0.485, 0.5005);
    }

    /** What is used of a limit of one half by a process that stands still for 30 ms of each 130. */
    private double usedOfHalfBesideStandstills() {
        budget.limit(SECOND / 2);
        long begun = machine.now;
        long used = machine.process;
        while (machine.now < begun + 20 * SECOND) {
            for (long until = machine.now + 100 * MILLISECOND; machine.now < until; ) {
                budget.pass();
                machine.work(2 * MILLISECOND);
            }
            machine.now += 30 * MILLISECOND;
        }
        return (machine.process - used) / (double) (machine.now - begun) * 2;
    }

    @Test
    void whatTheKernelKeepsAFencedProcessFromUsingIsNotLost() {
        assertThat(usedOfHalfBesideStandstills()).isLessThan(0.95);

        budget.fenced(true);
        assertThat(usedOfHalfBesideStandstills()).isBetween(0.98, 1.005);

        budget.fenced(false);
        assertThat(usedOfHalfBesideStandstills()).isLessThan(0.95);
    }

    @Test
    void aChangedLimitHoldsAtOnceAndALimitOfBeforeLeavesNoTrace() {
        budget.limit(SECOND / 10);
        for (int i = 0; i < 500; i++) {
            budget.pass();
            machine.work(MILLISECOND);
        }
        long begun = machine.now;
        long used = machine.process;

        budget.limit(SECOND / 4);
        while (machine.now < begun + 5 * SECOND) {
            budget.pass();
            machine.work(MILLISECOND);
        }

        double rate = (machine.process - used) / (double) (machine.now - begun);
        assertThat(rate).isBetween(0.245, 0.2525);
        assertThat(budget.limit()).isEqualTo(SECOND / 4);
    }

    @Test
    void withoutALimitNobodyWaits() {
        for (int i = 0; i < 100; i++) {
            assertThat(budget.pass()).isZero();
            machine.work(MILLISECOND);
        }
        assertThat(machine.process).isEqualTo(100 * MILLISECOND);
    }

    @Test
    void whatWasUsedIsReadWithItsPartOfTheLimitAndWhetherSomebodyWaited() {
        assertThat(budget.read()).isEqualTo(new CpuBudget.Reading(0, 0, false));
        budget.limit(SECOND / 2);
        long begun = machine.now;
        while (machine.now < begun + 4 * SECOND) {
            budget.pass();
            machine.work(MILLISECOND);
        }

        CpuBudget.Reading reading = budget.read();

        assertThat(reading.perSecond()).isBetween((long) (0.49 * SECOND), (long) (0.505 * SECOND));
        assertThat(reading.highest()).isBetween(0.98, 1.01);
        assertThat(reading.waits()).isTrue();
        budget.limit(0);
        machine.await(2 * SECOND);
        assertThat(budget.read()).isEqualTo(new CpuBudget.Reading(0, 0, false));
    }

    @Test
    void twoThreadsOfThisMachineKeepTheProcessWithinItsLimit() throws Exception {
        var real = new CpuBudget(Pause.system(), CpuClock.system());
        double limit = 0.4;
        try (var pool = Executors.newFixedThreadPool(2)) {
            real.limit((long) (limit * SECOND));
            long begun = System.nanoTime();
            long used = CpuClock.system().process();
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                tasks.add(pool.submit(() -> burn(real, begun + 3 * SECOND)));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
            double seconds = (System.nanoTime() - begun) / (double) SECOND;
            double cpu = (CpuClock.system().process() - used) / (double) SECOND;

            // The clock is that of the process: a busy machine gives it less, never more. A unit of each thread, the
            // bucket, and what compilers take in their first moments stand beside the limit.
            assertThat(cpu).isLessThanOrEqualTo(limit * seconds + 0.25).isPositive();
        }
    }

    private static void burn(CpuBudget budget, long end) {
        while (System.nanoTime() < end) {
            budget.pass();
            long until = CpuClock.system().thread() + 2 * MILLISECOND;
            while (CpuClock.system().thread() < until) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() throws Exception {
        var real = new CpuBudget(Pause.system(), CpuClock.system());
        real.limit(0);
        var failure = new java.util.concurrent.CompletableFuture<Throwable>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                failure.complete(new AssertionError("passed after " + real.pass()));
            } catch (CancelledException cancelled) {
                failure.complete(cancelled);
            }
        });
        Thread.sleep(20);
        waiting.interrupt();

        assertThat(failure.get()).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> {
                    throw failure.get();
                })
                .hasMessageContaining("processor");
    }
}
