package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeedsTest {

    @Test
    void withoutPropertiesEachBuildHasTheSameSeeds() {
        assertThat(seeds(5, Map.of())).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aFailureIsReplayedByItsSeedAlone() {
        assertThat(seeds(200, Map.of("seed", "-77", "seeds", "3", "seeds.random", "true")))
                .containsExactly(-77);
    }

    @Test
    void aNightlyRunAsksForMore() {
        assertThat(seeds(5, Map.of("seeds", "2000"))).hasSize(2000);
    }

    @Test
    void freshSeedsComeOnlyWhenAskedFor() {
        assertThat(seeds(3, Map.of("seeds.random", "true"))).containsExactly(1001, 1002, 1003);
        assertThat(seeds(3, Map.of("seeds.random", "true", "seeds", "1"))).containsExactly(1001);
    }

    @Test
    void aSeedThatIsNoNumberIsRefusedByTheNameOfItsProperty() {
        assertThatThrownBy(() -> seeds(1, Map.of("seed", "abc")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("property seed ");
    }

    @Test
    void theSystemPropertiesAreAsked() {
        String before = System.getProperty("seed");
        System.setProperty("seed", "42");
        try {
            assertThat(Seeds.of(10).toArray()).containsExactly(42);
        } finally {
            if (before == null) {
                System.clearProperty("seed");
            } else {
                System.setProperty("seed", before);
            }
        }
    }

    private static long[] seeds(int count, Map<String, String> properties) {
        var fresh = new AtomicLong(1000);
        return Seeds.of(count, properties::get, fresh::incrementAndGet).toArray();
    }
}
