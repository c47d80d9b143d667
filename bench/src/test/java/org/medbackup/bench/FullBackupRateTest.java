package org.medbackup.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The figure that the user asked for; our own is stricter and is kept in docs/evidence. */
class FullBackupRateTest {

    private static final double MEGABYTES_A_SECOND = 50;

    @Test
    void anInitialFullBackupProcessesFiftyMegabytesASecondAndThread() {
        Measurement measured = new PipelineBenchmark(48L << 20, 3).run();

        assertThat(measured.value()).isGreaterThanOrEqualTo(MEGABYTES_A_SECOND);
        assertThat(measured.details().get("text")).isGreaterThanOrEqualTo(MEGABYTES_A_SECOND);
        assertThat(measured.details().get("random")).isGreaterThanOrEqualTo(MEGABYTES_A_SECOND);
    }
}
