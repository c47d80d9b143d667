package org.medbackup.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.StoppedClock;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class OperationLogTest {

    private static final Actor ACTOR = new Actor("anna", "host-1", "ticket 7", "HOPERAT");

    private final StoppedClock time = new StoppedClock();
    private final Entropy entropy = target -> Arrays.fill(target, (byte) 0xab);
    private final List<BackupEvent> events = new ArrayList<>();

    @Test
    void anOperationSaysItsBeginningItsStepsAndItsEnd() {
        var begin = time.now();
        Facts facts = Facts.of("repository", "r1");

        OperationLog log = OperationLog.open(time, entropy, events::add, "backup", ACTOR, facts);
        time.sleep(Duration.ofSeconds(2));
        log.phase("scan", Outcome.SUCCESS, Duration.ofSeconds(2), Facts.of("files", 3));
        log.found(ErrorCode.FILE_CHANGED, Facts.NONE.andVeiled("path", "/srv/a"));
        log.progress(1, 10, -1, -1);
        time.sleep(Duration.ofSeconds(1));
        log.ended(Outcome.INCOMPLETE, ErrorCode.FILE_CHANGED, Facts.NONE);

        String id = "ab".repeat(8);
        assertThat(log.operation()).isEqualTo(id);
        assertThat(events)
                .containsExactly(
                        new BackupEvent.Started(begin, id, "backup", ACTOR, facts),
                        new BackupEvent.PhaseEnded(
                                begin.plusSeconds(2),
                                id,
                                "scan",
                                Outcome.SUCCESS,
                                Duration.ofSeconds(2),
                                Facts.of("files", "3")),
                        new BackupEvent.Found(
                                begin.plusSeconds(2),
                                id,
                                ErrorCode.FILE_CHANGED,
                                Facts.NONE.andVeiled("path", "/srv/a")),
                        new BackupEvent.Progress(begin.plusSeconds(2), id, 1, 10, -1, -1),
                        new BackupEvent.Ended(
                                begin.plusSeconds(3),
                                id,
                                "backup",
                                ACTOR,
                                Outcome.INCOMPLETE,
                                ErrorCode.FILE_CHANGED,
                                Duration.ofSeconds(3),
                                Facts.NONE));
        assertThat(events).extracting(BackupEvent::operation).containsOnly(id);
        assertThat(events).extracting(BackupEvent::time).isSorted();
    }

    @Test
    void anAuditTrailThatCannotKeepTheBeginningStopsTheOperation() {
        EventSink full = event -> {
            throw ErrorCode.NO_SPACE.because("the audit trail's disk is full");
        };

        assertThatThrownBy(() -> OperationLog.open(time, entropy, full, "restore", ACTOR, Facts.NONE))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE));
    }

    @Test
    void everySinkHearsEveryEventInOrder() {
        var heard = new ArrayList<String>();
        EventSink all = EventSink.all(
                List.of(event -> heard.add("audit"), EventSink.none(), event -> heard.add("terminal"), events::add));

        OperationLog.open(time, entropy, all, "verify", ACTOR, Facts.NONE).ended(Outcome.SUCCESS, null, Facts.NONE);

        assertThat(heard).containsExactly("audit", "terminal", "audit", "terminal");
        assertThat(events).hasSize(2);
    }

    @Test
    void aSilentOperationTakesEverything() {
        OperationLog log = OperationLog.silent();

        log.phase("any", Outcome.SUCCESS, Duration.ZERO, Facts.NONE);
        log.ended(Outcome.CANCELLED, null, Facts.NONE);

        assertThat(log.operation()).isEqualTo("0000000000000000");
    }
}
