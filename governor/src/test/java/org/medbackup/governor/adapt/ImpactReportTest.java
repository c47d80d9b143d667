package org.medbackup.governor.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.signal.Unit;

class ImpactReportTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final double UNKNOWN = Double.NaN;

    @Test
    void aPersonReadsWhatABackupDidAndHowSureThatIs() {
        var report =
                new ImpactReport("emr", Unit.SECONDS, 0.001, 0.0043, 0.001, 0.0046, 0.03, 0.12, 0.15, NONE, 500, 497);

        assertThat(report.text())
                .isEqualTo("p99 of the protected application: off 4.3 ms, on 4.6 ms, +7 % (95 % interval +3 to +12),"
                        + " bound 15 %: kept in 99.4 % of minutes");
        assertThat(report.rise()).isBetween(0.069, 0.070);
        assertThat(report.kept()).isEqualTo(0.994);
        assertThat(report.unit()).isEqualTo(Unit.SECONDS);
        assertThat(report.p50On()).isEqualTo(report.p50Off());
        assertThat(report.low()).isLessThan(report.high());
        assertThat(report.limit()).isEqualTo(NONE);
        assertThat(report.minutes() - report.minutesKept()).isEqualTo(3);
    }

    @Test
    void whatIsNotKnownIsNotSaid() {
        assertThat(new ImpactReport(
                                "emr",
                                Unit.SECONDS,
                                UNKNOWN,
                                UNKNOWN,
                                UNKNOWN,
                                UNKNOWN,
                                UNKNOWN,
                                UNKNOWN,
                                0.15,
                                NONE,
                                0,
                                0)
                        .text())
                .isEqualTo(
                        "p99 of the protected application: nothing was measured, bound 15 %: no whole minute to judge");
        assertThat(new ImpactReport("emr", Unit.SECONDS, UNKNOWN, UNKNOWN, 1, 1.5, UNKNOWN, UNKNOWN, NONE, 0.02, 1, 1)
                        .text())
                .isEqualTo("p99 of the protected application: on 1.5 s, no pause to compare it with, bound 20 ms:"
                        + " kept in 100 % of minutes");
        assertThat(new ImpactReport("emr", Unit.SHARE, 0.01, 0.02, 0.01, 0.015, UNKNOWN, UNKNOWN, 0.15, NONE, 3, 2)
                        .text())
                .isEqualTo("p99 of the protected application: off 2.0 %, on 1.5 %, -25 % (too few pauses for an"
                        + " interval), bound 15 %: kept in 66.7 % of minutes");
    }

    @Test
    void withoutAMinuteNothingWasMissed() {
        assertThat(new ImpactReport("emr", Unit.SECONDS, 1, 1, 1, 1, UNKNOWN, UNKNOWN, 0.15, NONE, 0, 0).kept())
                .isEqualTo(1);
    }
}
