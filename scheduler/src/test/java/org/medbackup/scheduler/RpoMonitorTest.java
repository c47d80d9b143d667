package org.medbackup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.RpoMonitor.Level;
import org.medbackup.scheduler.RpoMonitor.Objective;
import org.medbackup.scheduler.state.GoodPoint;

class RpoMonitorTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Objective EHR = new Objective("ehr", "", Duration.ofMinutes(100), NOON);

    private final RpoMonitor monitor = new RpoMonitor(List.of(EHR));

    private static Instant minute(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    private List<Level> look(int minutes, GoodPoint... points) {
        return monitor.look(minute(minutes), List.of(points)).stream()
                .map(RpoMonitor.Standing::level)
                .toList();
    }

    private static GoodPoint good(int minutes) {
        return new GoodPoint("ehr", "", minute(minutes));
    }

    @Test
    void thatThereWasNeverAGoodBackupIsSaidOnceAndThatThereIsOne() {
        assertThat(look(79)).isEmpty();
        assertThat(look(80)).containsExactly(Level.NEVER);
        assertThat(look(500)).isEmpty();
        assertThat(look(510, good(505))).containsExactly(Level.MET);
    }

    @Test
    void riskMissAndRecoveryAreSaidOnceEach() {
        assertThat(look(10, good(5))).isEmpty();
        assertThat(look(84, good(5))).isEmpty();
        assertThat(look(85, good(5))).containsExactly(Level.AT_RISK);
        assertThat(look(105, good(5))).isEmpty();
        assertThat(look(106, good(5))).containsExactly(Level.MISSED);
        assertThat(look(300, good(5))).isEmpty();
        assertThat(look(301, good(5), good(290))).containsExactly(Level.MET);
    }

    @Test
    void eachTargetIsWatchedForItself() {
        var copy = new Objective("ehr", "vault", Duration.ofMinutes(10), NOON);
        monitor.replace(List.of(EHR, copy));

        assertThat(monitor.standings(minute(20), List.of(good(15))))
                .extracting(each -> each.objective().target() + each.level())
                .containsExactly("MET", "vaultNEVER");
    }

    @Test
    void itSaysWhenToLookAgain() {
        assertThat(monitor.next(minute(10), List.of(good(5)))).isEqualTo(minute(85));
        assertThat(monitor.next(minute(85), List.of(good(5))))
                .isEqualTo(minute(105).plusMillis(1));
        assertThat(monitor.next(minute(200), List.of(good(5)))).isNull();
    }

    @Test
    void eachLevelHasItsCode() {
        assertThat(List.of(Level.values())).allSatisfy(level -> {
            var standing = new RpoMonitor.Standing(NOON, EHR, level, null, Duration.ZERO);
            ErrorCode code = new SchedulerEvent.ObjectiveChanged(NOON, standing).code();
            assertThat(code == null ? "MET" : code.name()).contains(level.name().replace("NEVER", "NO_GOOD"));
        });
        assertThatThrownBy(() -> new Objective("a", "", Duration.ZERO, NOON))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
