package org.medbackup.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;

class HealthTest {

    private static final HealthFinding SMALL = new HealthFinding(ErrorCode.CERTIFICATE_ENDS, "in a week", false);
    private static final HealthFinding LARGE = new HealthFinding(ErrorCode.STATE_UNUSABLE, "no room", true);

    @Test
    void readyIsWhatTurnsAndIsNotKeptFromWork() {
        assertThat(Health.good().ready()).isTrue();
        assertThat(Health.good().with(List.of(SMALL)).ready()).isTrue();
        assertThat(Health.good().with(List.of(SMALL, LARGE)).ready()).isFalse();
        assertThat(new Health(false, List.of()).ready()).isFalse();
        assertThat(Health.good().with(List.of(SMALL)).findings()).containsExactly(SMALL);
    }

    @Test
    void aFindingSaysWhatWasFound() {
        assertThatThrownBy(() -> new HealthFinding(ErrorCode.INTERNAL, " ", true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
