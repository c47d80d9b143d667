package org.medbackup.core.spi.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThrottleTest {

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void withoutAGovernorEveryAmountOfEverythingPassesAtOnce(Throttle.Resource resource) {
        Throttle none = Throttle.none();
        int passed = 0;
        for (Throttle.Work work : Throttle.Work.values()) {
            try (Throttle.Permit permit = none.acquire(new Throttle.Demand(resource, Long.MAX_VALUE, work))) {
                permit.commit(1);
                passed++;
            }
        }
        assertThat(passed).isEqualTo(5);
    }
}
