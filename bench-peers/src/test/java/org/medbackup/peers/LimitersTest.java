package org.medbackup.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.bench.Benchmarks;
import org.medbackup.bench.Measurement;

/** The governor beside what others use for the same, in one run. */
class LimitersTest {

    @Test
    void afterAnIdleTimeTheGovernorAloneIsHeldToItsLimitAndTheOthersAreMeasuredBesideIt() {
        Measurement measured = Benchmarks.run("governor", Benchmarks.Size.SMALL);

        measured.details().forEach((name, value) -> System.out.println(name + " " + value));
        assertThat(measured.samples()).isNotEmpty().allMatch(part -> part > 0 && part <= 1);
        for (String other : List.of("guava", "bucket4j", "resilience4j")) {
            assertThat(measured.details())
                    .hasEntrySatisfying(
                            other + ".10MB/s.4 threads.highest",
                            part -> assertThat(part).isPositive());
        }
    }
}
