package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.oracle.fake.Bank;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.testkit.CopiedFolder;

/** When things go wrong while RMAN works, or with what it has written. */
@Timeout(180)
class OracleRmanTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aRunThatWasKilledLeavesNothingOnWhichTheNextWouldRest() {
        Map<String, String> full = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.transfers(2);
        Application killed = stage.application(Settings.KIND, "differential");
        killed.discover(stage.soon());
        killed.prepare("run-2", stage.soon());
        killed.copy(stage.copy().after(full));
        killed.close();
        stage.database.transfers(2);

        CopiedFolder copy = stage.copy().after(full);
        Map<String, String> evidence =
                Stage.evidence(stage.back(stage.application(Settings.KIND, "differential"), "run-3", copy));

        assertThat(evidence).containsEntry("level", "1").doesNotContainKey("chain.2");
        Scenario.restores(stage, copy, evidence, 4);
    }

    /** RMAN skips them, which is not the same as leaving files out. */
    @Test
    void filesThatAreReadOnlyNeedNoDifferences() {
        stage.database.transfers(3);
        stage.database.checkpoint();
        stage.database.state().readOnly.add(2);
        Map<String, String> before = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-0", stage.copy()));
        for (String kind : List.of("differential", "cumulative", "differential", "log")) {
            CopiedFolder copy = stage.copy().after(before);
            Map<String, String> evidence =
                    Stage.evidence(stage.back(stage.application(Settings.KIND, kind), "run-" + kind, copy));
            assertThat(evidence).containsEntry("checkpoint_scn.2", before.get("checkpoint_scn.2"));
            Scenario.restores(stage, copy, evidence, 3);
            before = evidence;
        }
        assertThat(before.get("checkpoint_scn.1")).isNotEqualTo(before.get("checkpoint_scn.2"));
    }

    @Test
    void aChainWhosePiecesAreGoneOrOfAnotherIncarnationBeginsAnew() throws IOException {
        Map<String, String> full = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        String[] differential = {Settings.KIND, "differential"};
        stage.database.resetLogs();
        Map<String, String> second = Stage.evidence(stage.back(
                stage.application(differential), "run-2", stage.copy().after(full)));
        assertThat(second).containsEntry("level", "0").containsEntry("incarnation", "3");
        Files.delete(stage.backups().resolve(stage.left().getFirst()));

        Map<String, String> third = Stage.evidence(stage.back(
                stage.application(differential), "run-3", stage.copy().after(second)));

        assertThat(third).containsEntry("level", "0");
    }

    @Test
    void aPositionBetweenTheBackupAndTheEndOfItsLogsIsReached() {
        Map<String, String> full = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.transfers(6);
        CopiedFolder copy = stage.copy().after(full);
        Map<String, String> log = Stage.evidence(stage.back(stage.application(Settings.KIND, "log"), "run-2", copy));
        long end = Long.parseLong(log.getOrDefault("last_scn", ""));

        try (Recovered recovered = stage.recover(copy, log, new RecoveryTarget.AtPosition("" + (end - 25)))) {
            Bank bank = Objects.requireNonNull(stage.home.data());
            assertThat(bank.isConsistent()).isTrue();
            assertThat(bank.transfers()).isEqualTo(3);
            assertThat(recovered.reached().position()).isEqualTo("" + (end - 25));
            assertThat(recovered.address()).startsWith("jdbc:oracle:oci:@MB");
        }
        for (String beyond : List.of("" + (end + 1), "1")) {
            Scenario.fails(
                    ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                    () -> stage.recover(copy, log, new RecoveryTarget.AtPosition(beyond)));
        }
        Scenario.fails(ErrorCode.USAGE, () -> stage.recover(copy, log, new RecoveryTarget.AtPosition("yesterday")));
        Scenario.fails(ErrorCode.USAGE, () -> stage.recover(copy, log, new RecoveryTarget.AtName("x")));
    }

    @Test
    void aDamagedPieceIsFoundInTheSandboxAndItsInstanceEnds() {
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", copy));
        copy.remove("medbackup-", "_1_1");

        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
        assertThat(stage.home.running()).isZero();
        stage.database.next("rman SHUTDOWN", new Fault.Fails(1034));
        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.recover(copy, evidence));
    }

    @Test
    void whatCannotBeTakenBackIsFoundByTheNextRun() {
        CopiedFolder refusing = stage.copy(() -> {
            throw ErrorCode.NO_SPACE.because("of the test");
        });
        stage.database.next("rman DELETE", new Fault.DropBefore());
        Scenario.fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-1", refusing));
        assertThat(stage.left()).isNotEmpty();

        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-2", stage.copy()));

        assertThat(stage.left()).allMatch(each -> each.contains(evidence.getOrDefault("tag", "none")));
    }

    @Test
    void aStandbyIsBackedUpWithTheLogsThatItHas() {
        stage.database.transfers(3);
        stage.database.state().role = "PHYSICAL STANDBY";
        Application application = stage.application(Settings.STANDBY, "true");

        // No log is switched there, so the primary's next switch decides.
        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(application, "run-1", stage.copy()));
        assertThat(stage.database.count("ALTER SYSTEM")).isZero();
    }

    /** As a firewall does, while RMAN works and while the pieces are copied. */
    @Test
    void sessionsThatAreEndedWhileNobodyUsesThemDoNoHarm() {
        for (String each : List.of("rman BACKUP AS BACKUPSET INCR", "rman BACKUP AS BACKUPSET TAG", "rman VALIDATE")) {
            stage.database.next(each, new Fault.First(stage.database::killSessions));
        }
        CopiedFolder copy = stage.copy(stage.database::killSessions);

        var run = stage.back(stage.application(Stage.RMAN), "run-1", copy);

        Scenario.restores(stage, copy, Stage.evidence(run), 0);
    }
}
