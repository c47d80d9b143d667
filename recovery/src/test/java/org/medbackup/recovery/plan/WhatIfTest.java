package org.medbackup.recovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.recovery.simulate.Resource;
import org.medbackup.recovery.simulate.Stage;

/** Recoveries in other circumstances. */
class WhatIfTest {

    private static final Envelope PLAN = new Envelope(2, 100 << 20, 0, 1.5);

    @Test
    void whatIsNotNamedStaysAsThePlanHasIt() {
        assertThat(WhatIf.NOTHING.of(PLAN)).isEqualTo(PLAN);
        assertThat(WhatIf.parse(List.of("read=1GiB/s", "parallel=3")).of(PLAN))
                .isEqualTo(new Envelope(3, 1 << 30, 0, 1.5));
        assertThat(WhatIf.parse(List.of("read=none", "processors=none", "write=64KiB/s"))
                        .of(PLAN))
                .isEqualTo(new Envelope(2, 0, 64 << 10, 0));
        assertThat(WhatIf.parse(List.of("processors=4", "slower=0.5")).slower()).isEqualTo(0.5);
        assertThat(WhatIf.parse(List.of("workers=8")).workers()).isEqualTo(8);
        assertThat(WhatIf.parse(List.of("recall=expedited")).recall()).isEqualTo(Speed.EXPEDITED);
        assertThat(WhatIf.parse(List.of("read=7MiB/s")).of(PLAN).read()).isEqualTo(7 << 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read",
                "read=",
                "read=7",
                "read=0MiB/s",
                "write=fast",
                "tape=1MiB/s",
                "processors=0",
                "parallel=none",
                "slower=0",
                "slower=NaN",
                "recall=now",
                "workers=0",
                ""
            })
    void whatCannotBeUnderstoodIsRefused(String setting) {
        assertThatThrownBy(() -> WhatIf.parse(List.of(setting))).isInstanceOf(UsageException.class);
    }

    @Test
    void aMachineIsNotQuickerThanEverything() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WhatIf(-1, -1, -1, 0, 0, 0, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new WhatIf(-1, -1, Double.NaN, 0, 0, 1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new WhatIf(-1, -1, -1, -1, 0, 1, null));
    }

    @Test
    void aTenthMoreOfWhatDecidesIsWhatGains() {
        RecoveryPlan plan = RecoveryPlan.parse("""
                name: a
                envelope: {read: 10MiB/s, write: 90MiB/s}
                applications: {a: {job: a, objectives: {rto: 1h}}}
                """);
        double bytes = 1_100 << 20;
        var restore = new StageWork(Stage.RESTORE, 1, Map.of(Resource.READ, bytes, Resource.WRITE, bytes), 0);
        var predictor = new PlanPredictor(plan, Map.of("a", List.of(restore)), 1);

        Map<Resource, Double> gains = predictor.gains(plan.envelope().capacities(2));

        assertThat(gains.get(Resource.READ)).isCloseTo(10, within(0.01));
        assertThat(gains.get(Resource.WRITE)).isZero();
        assertThat(gains.get(Resource.PROCESSOR)).isZero();
        RecoveryPlan wider = plan.within(WhatIf.parse(List.of("read=20MiB/s")).of(plan.envelope()));
        assertThat(wider.digest()).isEqualTo(plan.digest());
        assertThat(new PlanPredictor(wider, Map.of("a", List.of(restore)), 1)
                        .predict()
                        .expected()
                        .toMillis())
                .isCloseTo(55_000, within(10L));
    }
}
