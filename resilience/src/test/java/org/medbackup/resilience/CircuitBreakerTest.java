package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.resilience.CircuitBreaker.Entry;
import org.medbackup.resilience.CircuitBreaker.State;
import org.medbackup.resilience.CircuitBreaker.Terms;
import org.medbackup.testkit.ManualTime;

class CircuitBreakerTest {

    private final ManualTime time = new ManualTime();
    private final CircuitBreaker breaker = new CircuitBreaker(time, Terms.USUAL);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.enter());
        }
    }

    @Test
    void fiveFailuresInARowOpenItAndNobodyIsLetThroughForFiveSeconds() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);

        time.advance(Duration.ofMillis(4900));
        Entry early = breaker.enter();
        assertThat(early.allowed()).isFalse();
        assertThat(early.pause()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void afterThatOneIsLetThroughAndItsSuccessLetsTheOthersThrough() {
        fail(5);
        time.advance(Duration.ofSeconds(5));

        Entry first = breaker.enter();
        Entry second = breaker.enter();
        assertThat(first.allowed()).isTrue();
        assertThat(second.allowed()).isFalse();
        assertThat(second.pause()).isPositive();
        breaker.succeeded(first);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.enter().allowed()).isTrue();
    }

    @Test
    void eachFailureOfTheOneThatIsLetThroughDoublesThePauseUpToFiveMinutes() {
        fail(5);
        long pause = 5;
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(pause));
            breaker.failed(breaker.enter());
            pause = Math.min(300, pause * 2);
            assertThat(breaker.enter().pause()).isEqualTo(Duration.ofSeconds(pause));
        }
        assertThat(pause).isEqualTo(300);
    }

    @Test
    void whatWasOnItsWayWhenItOpenedProvesNothing() {
        Entry late = breaker.enter();
        Entry later = breaker.enter();
        fail(5);
        breaker.succeeded(late);
        assertThat(breaker.state()).isEqualTo(State.OPEN);

        time.advance(Duration.ofSeconds(5));
        Entry proof = breaker.enter();
        breaker.failed(later);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.succeeded(proof);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aCallThatSaysNothingLeavesItsPlaceToTheNext() {
        fail(5);
        time.advance(Duration.ofSeconds(5));
        breaker.withdrawn(breaker.enter());

        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.enter().allowed()).isTrue();
    }

    @Test
    void halfOfTheLastCallsOpenIt() {
        for (int i = 0; i < 9; i++) {
            Entry entry = breaker.enter();
            if (i % 2 == 1) {
                breaker.failed(entry);
            } else {
                breaker.succeeded(entry);
            }
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        fail(1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void impossibleTermsAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Terms(5, 10, 0.5, 5, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Terms(20, 10, 0, 5, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Terms(20, 10, 0.5, 0, second, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new Terms(20, 10, 0.5, 5, second, Duration.ZERO));
    }

    /** A clock of the JDK on ours. */
    private final class Hands extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time.now();
        }
    }

    /** Where both count shares only, each call is let through by both or by none. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itDecidesAsAWellKnownOneDoes(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int window = random.nextInt(2, 30);
        int least = random.nextInt(1, window + 1);
        int percent = random.nextInt(1, 101);
        var terms = new Terms(window, least, percent / 100.0, 1_000_000, Duration.ofSeconds(5), Duration.ofSeconds(40));
        var ours = new CircuitBreaker(time, terms);
        var reference = io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "reference",
                CircuitBreakerConfig.custom()
                        .clock(new Hands())
                        .slidingWindow(window, least, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(percent)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.of(Duration.ofSeconds(5), last -> Math.min(40_000, last * 2)))
                        .build());
        double failing = random.nextDouble();
        for (int call = 0; call < 5000; call++) {
            time.advance(Duration.ofMillis(random.nextInt(2000)));
            Entry entry = ours.enter();
            assertThat(entry.allowed()).as("call %d", call).isEqualTo(reference.tryAcquirePermission());
            if (entry.allowed()) {
                if (random.nextDouble() < failing) {
                    ours.failed(entry);
                    reference.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException());
                } else {
                    ours.succeeded(entry);
                    reference.onSuccess(0, TimeUnit.NANOSECONDS);
                }
                assertThat(ours.state().name())
                        .as("call %d", call)
                        .isEqualTo(reference.getState().name());
            }
        }
    }
}
