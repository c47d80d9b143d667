package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    @Test
    void whereEverythingFailsTheRetriesEndWithTheBudget() {
        var budget = new RetryBudget(50);
        int retries = 0;
        while (budget.spend()) {
            retries++;
        }
        assertThat(retries).isEqualTo(50);
        assertThat(budget.left()).isZero();
    }

    @Test
    void whereHalfFailsTheRetriesAreATenthOfTheCallsInTheEnd() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        var budget = new RetryBudget(10);
        int retries = 0;
        int successes = 0;
        for (int call = 0; call < 100_000; call++) {
            if (random.nextBoolean()) {
                budget.earn();
                successes++;
            } else if (budget.spend()) {
                retries++;
            }
        }
        assertThat(retries).isBetween(successes / 10 - 1, successes / 10 + 11);
    }

    @Test
    void successesFillItUpToWhatItWasGivenAndNoFurther() {
        var budget = new RetryBudget(2);
        for (int i = 0; i < 1000; i++) {
            budget.earn();
        }
        assertThat(budget.left()).isEqualTo(2);
        assertThat(budget.spend()).isTrue();
        for (int i = 0; i < 9; i++) {
            budget.earn();
        }
        assertThat(budget.left()).isEqualTo(1);
        budget.earn();
        assertThat(budget.left()).isEqualTo(2);
    }

    @Test
    void aBudgetForNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryBudget(0));
    }
}
