package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.testkit.KilledAtAnyCall.Scene;

/** The rounds notice what a connector or a fake does wrong. */
class KilledAtAnyCallTest {

    private static KilledAtAnyCall.Played play(Consumer<Switch> wrong) {
        return KilledAtAnyCall.play(7, 20, List.of(() -> {
            var one = new Switch();
            wrong.accept(one);
            return one;
        }));
    }

    private static void isNoticed(String what, Consumer<Switch> wrong) {
        ThrowingCallable played = () -> play(wrong);
        assertThatThrownBy(played).isInstanceOf(AssertionError.class).hasStackTraceContaining(what);
    }

    @Test
    void aConnectorThatThawsPasses() {
        var played = play(one -> {});

        assertThat(played.rounds()).isEqualTo(20);
        assertThat(played.frozen()).isGreaterThan(played.replayed());
        assertThat(played.replayed()).isPositive();
    }

    @Test
    void aThawThatDoesNothingIsNoticed() {
        isNoticed("writes go on", one -> one.thaws = false);
    }

    @Test
    void aThawThatAlwaysFailsIsNoticed() {
        isNoticed("said that it is not frozen", one -> one.failingThaws = Integer.MAX_VALUE);
    }

    @Test
    void aThawThatFailsOnceIsTriedAgain() {
        assertThat(play(one -> one.failingThaws = 1).rounds()).isEqualTo(20);
    }

    @Test
    void aThawThatTakesTooLongIsNoticed() {
        isNoticed("time of the thaw", one -> one.slow = true);
    }

    @Test
    void whoEndsWhatAnotherHoldsIsNoticed() {
        isNoticed("what another product holds", one -> one.greedy = true);
    }

    @Test
    void aFreezeThatStopsNothingIsNoticed() {
        isNoticed("writes go through", one -> one.freezes = false);
    }

    @Test
    void whoFreezesBeforeAnybodyKnowsIsNoticed() {
        isNoticed("before anybody was told", one -> one.early = true);
    }

    @Test
    void aDeadProcessCallsNothing() {
        var time = new SteppedTime();
        var process = new MortalProcess(time, new Random(1));
        var ended = new AtomicInteger();
        process.whenDead(ended::incrementAndGet);
        Deadline deadline = Deadline.after(process, Duration.ofMinutes(1));
        process.sleep(Duration.ofMillis(1));
        process.work();
        assertThat(process.now()).isEqualTo(time.now());
        assertThat(process.nanos()).isEqualTo(time.nanos());
        assertThat(deadline.hasPassed()).isFalse();

        process.kill();
        process.whenDead(ended::incrementAndGet);

        assertThat(process.isDead()).isTrue();
        assertThat(ended).hasValue(2);
        assertThat(deadline.hasPassed()).isTrue();
        assertThatThrownBy(() -> process.call(ended::incrementAndGet)).isInstanceOf(MortalProcess.Killed.class);
        assertThat(ended).hasValue(2);
    }

    /** Something that can be stopped and goes on, and is wrong as a test wants it. */
    private static final class Switch implements Scene {

        private final SteppedTime time = new SteppedTime();
        private boolean thaws = true;
        private boolean freezes = true;
        private boolean early;
        private boolean slow;
        private boolean greedy;
        private int failingThaws;
        private @Nullable MortalProcess holder;
        private boolean frozen;
        private boolean others;

        @Override
        public SteppedTime time() {
            return time;
        }

        @Override
        public Application open(MortalProcess process, Map<String, String> handle) {
            return new Switched(this, process);
        }

        @Override
        public void othersBegin() {
            others = true;
        }

        @Override
        public Object ofOthers() {
            return others;
        }

        @Override
        public boolean writes() {
            return !frozen;
        }

        @Override
        public void close() {}
    }

    private record Switched(Switch one, MortalProcess process) implements Application {

        @Override
        public String address() {
            return "switch://here";
        }

        @Override
        public Discovery discover(Deadline deadline) {
            process.work();
            return new Discovery("1", "switch", Map.of());
        }

        @Override
        public List<Readiness> check(Deadline deadline) {
            return List.of(new Readiness("switch", true, "it is there", ""));
        }

        @Override
        public void prepare(String run, Deadline deadline) {
            set(one.early);
        }

        @Override
        public boolean freezes() {
            return true;
        }

        @Override
        public void freeze(Deadline deadline) {
            one.holder = process;
            set(one.freezes);
        }

        @Override
        public void mark(Deadline deadline) {
            process.work();
        }

        @Override
        public void thaw(Deadline deadline) {
            boolean own = process == one.holder;
            if (one.slow) {
                one.time.advance(Duration.ofSeconds(13));
            }
            if (!own && one.failingThaws-- > 0) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("told to fail");
            }
            set(one.frozen && !own && !one.thaws);
            one.others &= !one.greedy;
        }

        private void set(boolean frozen) {
            process.call(() -> {
                one.frozen = frozen;
                return frozen;
            });
        }

        @Override
        public void copy(CopySink sink) {}

        @Override
        public Consistency verify(Deadline deadline) {
            return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, "1", Duration.ZERO, Map.of());
        }

        @Override
        public void after(Outcome outcome, Deadline deadline) {}

        @Override
        public void close() {}
    }
}
