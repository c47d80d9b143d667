package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseBudgetsTest {

    private final PhaseBudgets defaults = PhaseBudgets.defaults();

    @Test
    void theDefaultsKeepAFreezeAndItsThawBelowTheAddedTime() {
        Duration worst = defaults.frozen().plus(defaults.of(Phase.THAW));

        assertThat(worst).isLessThan(defaults.added());
        assertThat(defaults.of(Phase.DISCOVER)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void eachCanBeSet() {
        PhaseBudgets other = defaults.with(Phase.MARK, Duration.ofSeconds(3))
                .withFrozen(Duration.ofSeconds(4))
                .withAdded(Duration.ofSeconds(5));

        assertThat(other.of(Phase.MARK)).isEqualTo(Duration.ofSeconds(3));
        assertThat(other.frozen()).isEqualTo(Duration.ofSeconds(4));
        assertThat(other.added()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void copyHasNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.of(Phase.COPY));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.with(Phase.COPY, Duration.ofHours(1)));
    }

    @Test
    void allAreThereAndPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.with(Phase.THAW, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withFrozen(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withAdded(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PhaseBudgets(Map.of(), Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }
}
