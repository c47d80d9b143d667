package org.medbackup.store.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.testkit.ManualTime;

/** When a call is taken to hang, on a clock that the test moves. */
class StallWatchTest {

    private static final Duration LONG = Duration.ofMinutes(3);

    private final ManualTime time = new ManualTime();
    private final List<String> aborted = new ArrayList<>();
    private final StallWatch watch = new StallWatch(time, Silence.usual(), work -> {});

    private StallWatch.Call call(boolean content) {
        StallWatch.Call call = watch.begin(() -> aborted.add("aborted"));
        if (content) {
            call.movesContent();
        }
        return call;
    }

    /** How long it takes until a call that waits is ended. */
    private Duration ended(StallWatch.Call call) {
        long begun = time.nanos();
        call.waits();
        while (!call.stalled() && time.since(begun).compareTo(LONG) < 0) {
            time.sleep(StallWatch.LOOK);
            watch.look();
        }
        return time.since(begun);
    }

    @ParameterizedTest
    @CsvSource({"false, 5", "true, 10"})
    void aHangIsMetWithinFiveSecondsAndOfContentWithinTen(boolean content, int seconds) {
        StallWatch.Call call = call(content);

        assertThat(ended(call)).isBetween(Duration.ofSeconds(seconds - 1), Duration.ofSeconds(seconds));
        assertThat(aborted).containsExactly("aborted");
    }

    @Test
    void whatWeTakeOurselvesIsNoHang() {
        StallWatch.Call call = call(true);
        call.waits();
        time.sleep(Duration.ofSeconds(9));
        call.works();
        for (int looks = 0; looks < 1_000; looks++) {
            time.sleep(StallWatch.LOOK);
            watch.look();
        }
        call.waits();
        time.sleep(StallWatch.LOOK);
        watch.look();

        assertThat(call.stalled()).isFalse();
        assertThat(aborted).isEmpty();
    }

    @Test
    void callsThatStoodStillWithTheProcessBeginAnew() {
        StallWatch.Call call = call(false);
        call.waits();
        time.sleep(StallWatch.LOOK);
        watch.look();

        time.sleep(Duration.ofHours(1));
        watch.look();

        assertThat(call.stalled()).isFalse();
        assertThat(ended(call)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aTargetThatIsSlowGetsMoreTimeWithEachTryUpToAMinute() {
        List<Long> times = new ArrayList<>();
        for (int tries = 0; tries < 5; tries++) {
            times.add(ended(call(true)).toSeconds());
        }

        assertThat(times).containsExactly(9L, 19L, 38L, 60L, 60L);
        assertThat(ended(call(false))).as("another kind of call").isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void eachAnswerTakesASecondOfThatAway() {
        ended(call(true));
        call(true).answered();

        assertThat(ended(call(true)).toSeconds()).isEqualTo(18);

        for (int answers = 0; answers < 100; answers++) {
            call(true).answered();
            call(false).answered();
        }
        assertThat(ended(call(true)).toSeconds()).isEqualTo(9);
        assertThat(ended(call(false)).toSeconds()).isEqualTo(4);
    }

    @Test
    void oneThatCannotBeEndedKeepsNoOtherFromBeingEnded() {
        StallWatch.Call stubborn = watch.begin(() -> {
            throw new IllegalStateException("it is over already");
        });
        stubborn.waits();
        StallWatch.Call other = call(false);

        assertThat(ended(other)).isLessThanOrEqualTo(Duration.ofSeconds(5));

        assertThat(stubborn.stalled()).isTrue();
        assertThat(aborted).containsExactly("aborted");
    }

    @Test
    void limitsThatAreNoneAreRefused() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new Silence(Duration.ZERO, second, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Silence(second, Duration.ofSeconds(-1), second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Silence(Duration.ofSeconds(2), second, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Silence(second, Duration.ofSeconds(2), second))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
