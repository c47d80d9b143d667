package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.core.spi.throttle.Throttle.Resource.CPU;
import static org.medbackup.core.spi.throttle.Throttle.Resource.DISK_READ;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;

class TuningTest {

    private static void refused(
            Throttle.Resource steered,
            long floor,
            long start,
            double degraded,
            double pauses,
            long timeout,
            String why) {
        assertThatThrownBy(() -> new Tuning(steered, floor, start, degraded, pauses, Duration.ofMillis(timeout)))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_LIMIT));
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        refused(CPU, 100_000, 100_000, 0.25, 0.04, 1000, "not processor time");
        refused(DISK_READ, 10_000, 100_000, 0.25, 0.04, 1000, "the floor is 64kB/s");
        refused(DISK_READ, 200_000, 100_000, 0.25, 0.04, 1000, "not below it");
        refused(DISK_READ, 100_000, 100_000, 0, 0.04, 1000, "out of its range");
        refused(DISK_READ, 100_000, 100_000, 1.1, 0.04, 1000, "out of its range");
        refused(DISK_READ, 100_000, 100_000, 0.25, 0.3, 1000, "out of its range");
        refused(DISK_READ, 100_000, 100_000, 0.25, 0.04, 1, "10 ms");
    }

    @Test
    void theStandardIsAQuarterWhereSignalsAreLostAndPausesOfFourPercent() {
        Tuning standard = Tuning.standard();

        assertThat(standard.steered()).isEqualTo(DISK_READ);
        assertThat(standard.degraded()).isEqualTo(0.25);
        assertThat(standard.pauses()).isEqualTo(0.04);
        assertThat(standard.floor()).isEqualTo(1_000_000);
        assertThat(standard.start()).isEqualTo(8_000_000);
        assertThat(standard.timeout()).isEqualTo(Duration.ofSeconds(1));
    }
}
