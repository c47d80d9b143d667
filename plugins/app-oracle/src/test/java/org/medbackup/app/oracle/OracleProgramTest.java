package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.app.oracle.OracleProgram.Kind;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/** Programs of Oracle: silent, lost, ended, and what their codes mean. */
@Timeout(180)
class OracleProgramTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private OracleProgram program(Duration silence) {
        var outside = new Outside(TimeSource.system(), Processes.system());
        return new OracleProgram(outside, stage.home.folder(), "MB1", silence);
    }

    @Test
    void aProgramThatSaysAndWritesNothingIsGivenUp() {
        stage.database.next("rman SHUTDOWN", new Fault.Hangs());

        Scenario.fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> program(Duration.ofMillis(150)).run(Kind.RMAN, "x", RecoveryScript.shutdown(), () -> 0));
    }

    @Test
    void aProgramThatWritesMaySayNothing() {
        stage.database.next("rman SHUTDOWN", new Fault.Hangs());
        var written = new AtomicLong();

        Scenario.fails(
                ErrorCode.BUDGET_EXCEEDED,
                () -> program(Duration.ofMillis(40))
                        .run(Kind.RMAN, "x", RecoveryScript.shutdown(), () -> Math.min(10, written.incrementAndGet())));
        assertThat(written.get()).isGreaterThan(10);
    }

    @Test
    void aProgramThatIsLostOrNotThereIsTold() {
        stage.database.next("rman SHUTDOWN", new Fault.DropBefore());
        OracleProgram program = program(Duration.ofSeconds(30));
        Scenario.fails(
                ErrorCode.APPLICATION_FAILED, () -> program.run(Kind.RMAN, "x", RecoveryScript.shutdown(), () -> 0));
        stage.home.remove("sqlplus");
        Scenario.fails(ErrorCode.APPLICATION_PROGRAM_MISSING, () -> program.run(Kind.SQLPLUS, "x", "EXIT\n", () -> 0));
    }

    @Test
    void anInterruptionEndsTheProgram() {
        stage.database.next("rman SHUTDOWN", new Fault.Hangs());
        OracleProgram program = program(Duration.ofSeconds(30));

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> program.run(Kind.RMAN, "x", RecoveryScript.shutdown(), () -> 0))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "RMAN-03002 RMAN-06059, APPLICATION_LOG_GAP",
        "RMAN-03002 RMAN-06023, RESTORED_APPLICATION_INVALID",
        "RMAN-03009 ORA-19504 ORA-27072, NO_SPACE",
        "RMAN-04005 ORA-01031, APPLICATION_NOT_READY",
        "RMAN-03009 ORA-19504, APPLICATION_FAILED",
        "SP2-0640, APPLICATION_FAILED"
    })
    void failuresOfProgramsAreToldApartByTheirCodes(String codes, ErrorCode code) {
        assertThat(Failures.of(List.of(codes.split(" ")))).isEqualTo(code);
    }
}
