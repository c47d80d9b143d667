package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.error.CancelledException;

/** With real threads: never more at once than there are places, and whoever waits first is let in first. */
@Timeout(60)
class SlotsTest {

    private final Slots slots = new Slots("disk.read.concurrency", Pause.system());
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private void use() {
        boolean entered = slots.enter();
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        LockSupport.parkNanos(1000);
        inside.decrementAndGet();
        if (entered) {
            slots.leave();
        }
    }

    private List<Thread> users(int count, int times) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < times; j++) {
                    use();
                }
            }));
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Waits until a thread is parked, as one is that waits for a place. */
    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void neverAreMoreInsideThanThereArePlaces() throws InterruptedException {
        for (int places = 1; places <= 4; places++) {
            slots.limit(places);
            most.set(0);

            join(users(8, 300));

            assertThat(most.get()).isBetween(1, places);
            Door.Reading reading = slots.read();
            assertThat(reading.used()).isZero();
            assertThat(reading.highest()).isBetween(1.0 / places, 1.0);
            assertThat(slots.read().highest()).isZero();
        }
    }

    @Test
    void withoutALimitNothingIsCounted() {
        assertThat(slots.isLimited()).isFalse();
        assertThat(slots.enter()).isFalse();

        Door.Reading reading = slots.read();

        assertThat(reading.limit()).isEqualTo(Ledger.UNLIMITED);
        assertThat(reading.highest()).isZero();
        assertThat(reading.limitedBy()).isNull();
    }

    @Test
    void whoWaitsFirstIsLetInFirst() throws InterruptedException {
        slots.limit(1);
        assertThat(slots.enter()).isTrue();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            Thread thread = Thread.ofPlatform().start(() -> {
                slots.enter();
                order.add(number);
                slots.leave();
            });
            awaitWaiting(thread);
            threads.add(thread);
        }
        assertThat(slots.read().limitedBy()).isEqualTo("disk.read.concurrency");

        slots.leave();
        join(threads);

        assertThat(order).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aSmallerLimitWaitsForWhatIsUnderWayAndALargerOneLetsInAtOnce() throws InterruptedException {
        slots.limit(2);
        slots.enter();
        slots.enter();
        slots.limit(1);
        assertThat(slots.read().used()).isEqualTo(2);
        var entered = new CountDownLatch(1);
        Thread third = Thread.ofPlatform().start(() -> {
            slots.enter();
            entered.countDown();
        });
        awaitWaiting(third);
        slots.leave();
        awaitWaiting(third);
        assertThat(entered.getCount()).isEqualTo(1);

        slots.limit(2);

        entered.await();
        third.join();
        assertThat(slots.read().used()).isEqualTo(2);
    }

    @Test
    void aPauseLetsNobodyInUntilItsEnd() throws InterruptedException {
        slots.limit(0);
        Thread user = users(1, 1).getFirst();
        awaitWaiting(user);
        assertThat(slots.read().highest()).isZero();

        slots.limit(Ledger.UNLIMITED);

        user.join();
    }

    @Test
    void whoIsInterruptedTakesNoPlaceAndHoldsUpNobody() throws InterruptedException {
        slots.limit(1);
        slots.enter();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread interrupted = Thread.ofPlatform().start(() -> {
            try {
                slots.enter();
            } catch (CancelledException cancelled) {
                thrown.add(cancelled);
            }
        });
        awaitWaiting(interrupted);
        Thread next = users(1, 1).getFirst();
        awaitWaiting(next);

        interrupted.interrupt();
        interrupted.join();
        slots.leave();
        next.join();

        assertThat(thrown).hasSize(1);
        assertThat(slots.read().used()).isZero();
        Thread.currentThread().interrupt();
        slots.limit(0);
        assertThatThrownBy(slots::enter).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
