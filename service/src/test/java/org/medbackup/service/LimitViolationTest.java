package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.observe.Violation;
import org.medbackup.testkit.RecordedEvents;

class LimitViolationTest {

    @TempDir
    Path temp;

    @Test
    void moreThanALimitAllowsIsAnEventAndAFindingOfTheAuditTrail() {
        var events = new RecordedEvents();
        Settings settings = Settings.of(temp, new Actor("root", "host", null, null));

        new Operations(settings, events, Ungoverned.access(settings))
                .violated(new Violation(Resource.DISK_READ, 40_000_000, Duration.ofSeconds(10), 500_000_000, 1, 100));

        List<BackupEvent> said = events.all();
        assertThat(said).hasSize(3);
        assertThat(said.get(1)).isInstanceOfSatisfying(BackupEvent.Found.class, found -> {
            assertThat(found.code()).isEqualTo(ErrorCode.LIMIT_VIOLATED);
            assertThat(found.facts().open())
                    .containsEntry("resource", "DISK_READ")
                    .containsEntry("limit", "40000000")
                    .containsEntry("seen", "500000000");
            assertThat(found.facts().veiled()).isEmpty();
        });
        assertThat(said.getLast())
                .isInstanceOfSatisfying(
                        BackupEvent.Ended.class,
                        ended -> assertThat(ended.outcome()).isEqualTo(Outcome.FINDING));
    }
}
