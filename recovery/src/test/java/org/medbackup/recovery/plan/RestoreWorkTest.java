package org.medbackup.recovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.RestorePlan;
import org.medbackup.recovery.RestoreRates;
import org.medbackup.recovery.simulate.Resource;

/** What a restore takes, from its plan and the rates of a machine. */
class RestoreWorkTest {

    private static final RestorePlan PLAN = new RestorePlan(1_000, 1_100, 5_000_000, 3, 40, 2_000_000, 700);

    @Test
    void filesAndBytesTakeTheirTimeAndWhatIsFetchedIsRead() {
        StageWork work = RestoreWork.of(PLAN, new RestoreRates(Duration.ofMillis(500), 1e-7, 2e-3, 0.05));

        assertThat(work.stage()).isEqualTo(StageWork.Stage.RESTORE);
        assertThat(work.seconds()).isCloseTo(0.5 + 2 + 0.5, within(1e-9));
        assertThat(work.work()).isEqualTo(Map.of(Resource.READ, 2e6, Resource.WRITE, 5e6));
        assertThat(work.spread()).as("a probe of seconds knows no better").isEqualTo(0.2);
    }

    @Test
    void ratesThatDifferedMakeItLessSure() {
        assertThat(RestoreWork.of(PLAN, new RestoreRates(Duration.ZERO, 1e-7, 0, 0.6))
                        .spread())
                .isEqualTo(0.6);
    }
}
