package org.medbackup.core.spi.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThrottleTest {

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void withoutAGovernorEveryAmountOfEverythingPassesAtOnce(Throttle.Resource resource) {
        var demand = new Throttle.Demand(resource, Long.MAX_VALUE, 259);
        try (Throttle.Permit permit = Throttle.none().acquire(demand)) {
            permit.commit(1);
            assertThat(permit.amount()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void aDemandForNothingIsAMistake() {
        assertThatThrownBy(() -> Throttle.Demand.of(Throttle.Resource.CPU, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aUnitOfWorkAsksForProcessorTime() {
        var asked = new java.util.ArrayList<Throttle.Demand>();
        Throttle throttle = demand -> {
            asked.add(demand);
            return Throttle.none().acquire(demand);
        };

        throttle.pass();

        assertThat(asked).containsExactly(Throttle.Demand.of(Throttle.Resource.CPU, 1_000_000));
    }

    @Test
    void aPieceOfAFileEndsWhereABlockDoesSoThatNoBlockIsReadTwice() {
        assertThat(Throttle.toBlock(0, 8192)).isEqualTo(8192);
        assertThat(Throttle.toBlock(100, 8192)).isEqualTo(8092);
        assertThat(Throttle.toBlock(4000, 97)).isEqualTo(96);
        assertThat(Throttle.toBlock(4000, 96)).isEqualTo(96);
        assertThat(Throttle.toBlock(100, 50)).isEqualTo(50);
        assertThat(Throttle.toBlock(1L << 40, 1 << 20)).isEqualTo(1 << 20);
    }
}
