package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;

class DecisionLeaseTest {

    private static final Limits FALLBACK = Limits.parse(List.of("disk.read=1MB/s"));
    private static final Limits DECIDED = Limits.parse(List.of("disk.read=30MB/s"));

    private final Governor governor = Governor.of(Limits.none());

    private void awaitLimits(Limits limits) {
        TimeSource time = TimeSource.system();
        Deadline deadline = Deadline.after(time, Duration.ofSeconds(10));
        while (!governor.limits().equals(limits)) {
            assertThat(deadline.hasPassed()).as("waited for %s", limits).isFalse();
            time.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void aDecisionThatNobodyRenewsFallsBackAndTheNextOneHoldsAgain() {
        TimeSource time = TimeSource.system();
        try (var lease = new DecisionLease(governor, "adaptive", FALLBACK, Duration.ofMillis(300), time)) {
            assertThat(governor.limits()).as("before the first").isEqualTo(FALLBACK);
            long begun = time.nanos();
            for (int i = 0; i < 10; i++) {
                lease.decide(DECIDED);
                assertThat(governor.limits()).isEqualTo(DECIDED);
                time.sleep(Duration.ofMillis(50));
            }
            assertThat(time.since(begun)).isGreaterThan(Duration.ofMillis(450));
            awaitLimits(FALLBACK);
            lease.decide(DECIDED);
            assertThat(governor.limits()).isEqualTo(DECIDED);
        }
        assertThat(governor.limits()).isEqualTo(Limits.none());
    }

    @Test
    void nothingIsDecidedAfterItsEnd() {
        var lease = new DecisionLease(governor, "adaptive", FALLBACK, Duration.ofMillis(300), TimeSource.system());
        lease.close();
        lease.close();
        lease.decide(DECIDED);

        assertThat(governor.limits()).isEqualTo(Limits.none());
    }
}
