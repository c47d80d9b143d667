package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.testkit.ManualTime;

/** A backup that is lost to a change of roles is repeated once, within its budget. */
class RepetitionTest {

    private final ManualTime time = new ManualTime();
    private final List<BackupEvent> events = new ArrayList<>();
    private final OperationLog log =
            OperationLog.open(time, Entropy.system(), events::add, "test", new Actor("a", "h", null, null), Facts.NONE);
    private final List<Integer> attempts = new ArrayList<>();

    private String run(ErrorCode... failures) {
        var left = new ArrayList<>(List.of(failures));
        return Repetition.of(time, log).run(number -> {
            attempts.add(number);
            if (!left.isEmpty()) {
                throw left.removeFirst().because("failure " + left.size());
            }
            return "done";
        });
    }

    @Test
    void aBackupThatSucceedsIsNotRepeated() {
        assertThat(run()).isEqualTo("done");
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void oneThatIsLostIsRepeatedOnceAndTheLossIsAFinding() {
        assertThat(run(ErrorCode.APPLICATION_STATE_LOST)).isEqualTo("done");

        assertThat(attempts).containsExactly(1, 2);
        assertThat(events).anySatisfy(event -> assertThat(event.toString()).contains("APPLICATION_STATE_LOST"));
    }

    @Test
    void aServerThatDoesNotAnswerAtFirstIsAskedAgain() {
        long before = time.nanos();

        assertThat(run(
                        ErrorCode.APPLICATION_STATE_LOST,
                        ErrorCode.APPLICATION_UNREACHABLE,
                        ErrorCode.APPLICATION_UNREACHABLE))
                .isEqualTo("done");

        assertThat(attempts).containsExactly(1, 2, 2, 2);
        assertThat(time.since(before)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
    }

    @Test
    void itEndsWithTheBudgetAndTellsBothFailures() {
        var never = new ErrorCode[100];
        java.util.Arrays.fill(never, ErrorCode.APPLICATION_UNREACHABLE);
        never[0] = ErrorCode.APPLICATION_STATE_LOST;
        long before = time.nanos();

        assertThatThrownBy(() -> run(never)).isInstanceOfSatisfying(BackupException.class, last -> {
            assertThat(last.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
            assertThat(last.getSuppressed()).singleElement().isInstanceOf(BackupException.class);
        });

        assertThat(time.since(before)).isLessThan(Duration.ofMinutes(2));
        assertThat(attempts).hasSizeBetween(8, 20);
    }

    @Test
    void aSecondLossAndEveryOtherFailureEndIt() {
        for (ErrorCode code : List.of(ErrorCode.APPLICATION_STATE_LOST, ErrorCode.APPLICATION_NOT_READY)) {
            attempts.clear();
            assertThatThrownBy(() -> run(ErrorCode.APPLICATION_STATE_LOST, code))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            last -> assertThat(last.code()).isEqualTo(code));
            assertThat(attempts).containsExactly(1, 2);
        }
        attempts.clear();
        assertThatThrownBy(() -> run(ErrorCode.APPLICATION_FAILED)).isInstanceOf(BackupException.class);
        assertThat(attempts).containsExactly(1);
    }
}
