package org.medbackup.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class ProtectionTest {

    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final URI SIGNAL = URI.create("psi:io");

    private static void refused(String name, Duration every, double maxRise, double p99, String why) {
        assertThatThrownBy(() -> new Protection(name, SIGNAL, every, maxRise, p99))
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_SIGNAL));
    }

    @Test
    void aRiseOrALimitIsEnough() {
        assertThat(Protection.ofRise("emr", SIGNAL, OFTEN, 0.15).p99()).isEqualTo(NONE);
        assertThat(new Protection("emr", SIGNAL, OFTEN, NONE, 0.02).maxRise()).isEqualTo(NONE);
    }

    @Test
    void whatCannotBeKeptIsRefused() {
        refused(" ", OFTEN, 0.15, NONE, "no name");
        refused("emr", Duration.ofMillis(1), 0.15, NONE, "every 5 ms");
        refused("emr", Duration.ofMinutes(1), 0.15, NONE, "every 10 s");
        refused("emr", OFTEN, 0, NONE, "less than 1 %");
        refused("emr", OFTEN, Double.NaN, NONE, "less than 1 %");
        refused("emr", OFTEN, 0.15, 0, "limit of 0");
        refused("emr", OFTEN, NONE, NONE, "neither");
    }
}
