package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.SeededRandom;

@Timeout(60)
class MemoryBudgetTest {

    private static final long LIMIT = 1000;

    private final MemoryBudget budget = new MemoryBudget();

    private static void awaitWaiting(MemoryBudget budget) {
        while (!budget.read().waits()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void howeverManyAskNoMoreIsTakenThanThereIs() throws Exception {
        budget.limit(LIMIT);
        var held = new AtomicLong();
        var fullest = new AtomicLong();
        try (var pool = Executors.newFixedThreadPool(6)) {
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                SeededRandom random = SeededRandom.of(7, i);
                tasks.add(pool.submit(() -> {
                    for (int round = 0; round < 3000; round++) {
                        long bytes = random.between(1L, 600L);
                        Throttle.Room room = round % 5 == 0 ? budget.takeNow(bytes) : budget.take(bytes);
                        if (room != null) {
                            fullest.accumulateAndGet(held.addAndGet(bytes), Math::max);
                            Thread.onSpinWait();
                            held.addAndGet(-bytes);
                            room.close();
                            room.close();
                        }
                    }
                }));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
        }

        MemoryBudget.Reading after = budget.read();
        assertThat(fullest.get()).isBetween(LIMIT / 2, LIMIT);
        assertThat(after.most()).isBetween(fullest.get(), LIMIT);
        assertThat(after.taken()).isZero();
        assertThat(after.waits()).isFalse();
        assertThat(budget.read().most()).isZero();
    }

    @Test
    void whoAskedFirstGetsFirstAlsoWhereALittleWouldFit() throws Exception {
        budget.limit(LIMIT);
        Throttle.Room all = budget.take(900);
        try (var pool = Executors.newFixedThreadPool(1)) {
            Future<Throttle.Room> much = pool.submit(() -> budget.take(500));
            awaitWaiting(budget);

            assertThat(budget.takeNow(50)).isNull();
            assertThat(all.isWanted()).isTrue();
            all.close();
            Throttle.Room got = much.get(10, TimeUnit.SECONDS);

            assertThat(got.isWanted()).isFalse();
            assertThat(budget.takeNow(50)).isNotNull();
            got.close();
        }
    }

    @Test
    void aLimitThatIsLoweredIsReachedAsBuffersAreGivenBackAndOneThatIsRaisedLetsIn() throws Exception {
        assertThat(budget.take(1 << 30).isWanted()).isFalse();
        assertThat(budget.read().limit()).isEqualTo(Ledger.UNLIMITED);
        var fresh = new MemoryBudget();
        fresh.limit(LIMIT);
        Throttle.Room room = fresh.take(800);
        fresh.limit(700);
        assertThat(room.isWanted()).isTrue();
        assertThat(fresh.takeNow(1)).isNull();
        try (var pool = Executors.newFixedThreadPool(1)) {
            Future<Throttle.Room> waits = pool.submit(() -> fresh.take(300));
            awaitWaiting(fresh);
            fresh.limit(1100);
            assertThat(waits.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void aBufferThatNeverFitsIsRefusedAlsoWhereTheLimitIsLoweredWhileItWaits() throws Exception {
        budget.limit(LIMIT);
        assertThatThrownBy(() -> budget.take(LIMIT + 1))
                .isInstanceOfSatisfying(
                        CapacityException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL));
        assertThatThrownBy(() -> budget.takeNow(LIMIT + 1)).isInstanceOf(CapacityException.class);
        budget.take(900);
        try (var pool = Executors.newFixedThreadPool(1)) {
            Future<Throttle.Room> waits = pool.submit(() -> budget.take(500));
            awaitWaiting(budget);
            budget.limit(400);
            assertThatThrownBy(() -> waits.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(CapacityException.class);
        }
    }

    @Test
    void whoIsInterruptedTakesNothingAndLetsTheNextIn() throws Exception {
        budget.limit(LIMIT);
        Throttle.Room all = budget.take(LIMIT);
        try (var pool = Executors.newFixedThreadPool(1)) {
            Future<?> waits =
                    pool.submit(() -> assertThatThrownBy(() -> budget.take(10)).isInstanceOf(CancelledException.class));
            awaitWaiting(budget);
            pool.shutdownNow();
            waits.get(10, TimeUnit.SECONDS);
        }
        all.close();
        assertThat(budget.read().taken()).isZero();
        assertThat(budget.takeNow(LIMIT)).isNotNull();
    }
}
