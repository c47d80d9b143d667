package org.medbackup.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ApplicationException;
import org.medbackup.core.error.ErrorCode;

class DeadlineTest {

    private final StoppedClock time = new StoppedClock();
    private final Deadline deadline = Deadline.after(time, Duration.ofSeconds(10));

    @Test
    void whatIsLeftShrinksToZeroAndNoFurther() {
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));

        time.sleep(Duration.ofSeconds(4));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(6));
        assertThat(deadline.hasPassed()).isFalse();

        time.sleep(Duration.ofMinutes(1));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.hasPassed()).isTrue();
        assertThat(deadline.budget()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void driversGetWholeSecondsRoundedUpAndNeverNone() {
        assertThat(deadline.remainingSeconds()).isEqualTo(10);
        time.sleep(Duration.ofSeconds(8).minusNanos(1));
        assertThat(deadline.remainingSeconds()).isEqualTo(3);
        time.sleep(Duration.ofSeconds(60));
        assertThat(deadline.remainingSeconds()).isEqualTo(1);
        assertThat(Deadline.after(time, Duration.ofDays(36_500)).remainingSeconds())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aStepThatTookTooLongIsNamedWithItsBudget() {
        deadline.check("freeze");
        time.sleep(Duration.ofSeconds(10));

        assertThatThrownBy(() -> deadline.check("freeze"))
                .isInstanceOfSatisfying(ApplicationException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
                    assertThat(failure).hasMessageContaining("10000 ms");
                    assertThat(failure.context()).containsEntry("step", "freeze");
                });
    }
}
