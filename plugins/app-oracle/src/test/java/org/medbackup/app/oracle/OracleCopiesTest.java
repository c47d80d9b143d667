package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.oracle.fake.Bank;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.testkit.CopiedFolder;

/** When things go wrong with image copies: what is stored is whole and of its run, and the next run goes on. */
@Timeout(180)
class OracleCopiesTest {

    private final Stage stage = new Stage(Set.of(), true);

    @AfterEach
    void close() {
        stage.close();
    }

    private Map<String, String> restorable(int run) {
        return CopyStories.restorable(stage, run);
    }

    private Map<String, String> run(int run) {
        return CopyStories.run(stage, run, stage.copy());
    }

    /** A run that gets so far, and then nobody cleans up. */
    private void killed(int run) {
        Application application = stage.application(CopyStories.COPIES);
        application.discover(stage.soon());
        application.prepare("run-" + run, stage.soon());
        assertThatThrownBy(() -> application.copy(stage.copy())).isInstanceOf(BackupException.class);
        application.close();
    }

    private static Path copy(Map<String, String> evidence, int file) {
        return Path.of(evidence.getOrDefault("copy." + file, ""));
    }

    /** Before RMAN has done it, and after, when nobody hears of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rman BACKUP INCR",
                "rman RECOVER COPY",
                "rman DELETE NOPROMPT BACKUPSET",
                "rman BACKUP AS BACKUPSET",
                "rman VALIDATE CHECK LOGICAL DATAFILECOPY",
                "rman VALIDATE CHECK LOGICAL BACKUPSET"
            })
    void aRunThatWasKilledAnywhereIsGoneOnFrom(String where) {
        restorable(1);
        int number = 2;
        for (Fault fault : List.of(new Fault.DropBefore(), new Fault.DropAfter())) {
            stage.database.transfers(3);
            stage.database.next(where, fault);
            killed(number++);
            stage.database.transfers(3);

            Map<String, String> evidence = restorable(number++);

            assertThat(evidence).containsEntry("level", "1");
            assertThat(stage.left())
                    .allMatch(each -> each.contains(evidence.getOrDefault("tag", "none"))
                            || each.contains(evidence.getOrDefault("copies_tag", "none")));
        }
    }

    @Test
    void whatRmanLeftUnfinishedIsRemoved() throws IOException {
        Map<String, String> first = restorable(1);
        String tag = first.getOrDefault("copies_tag", "");
        Path half = Files.writeString(stage.backups().resolve("medbackup-" + tag + "-data-D-ORCL_FNO-3_9"), "half");
        Path ofSomebody = Files.writeString(stage.backups().resolve("notes.txt"), "of somebody");

        assertThat(restorable(2)).containsEntry("level", "1");

        assertThat(half).doesNotExist();
        assertThat(ofSomebody).exists();
        Files.createDirectories(half.resolve("full"));
        Scenario.fails(ErrorCode.APPLICATION_FAILED, () -> run(3));
    }

    /** RMAN would believe its list, and fail when it rolls the copy forward. */
    @Test
    void aCopyThatSomebodyDeletedIsMadeAnewAndTheOthersAreRolledForward() throws IOException {
        Map<String, String> first = restorable(1);
        stage.database.transfers(4);
        Files.delete(copy(first, 2));

        Map<String, String> second = restorable(2);

        assertThat(second).containsEntry("level", "1").containsEntry("copy.1", first.get("copy.1"));
        assertThat(copy(second, 2)).isNotEqualTo(copy(first, 2)).exists();
    }

    @Test
    void aRestorePointThatCannotBeStoredLeavesTheCopiesForTheNextRun() {
        restorable(1);
        stage.database.transfers(3);
        CopiedFolder refusing = stage.copy(() -> {
            throw ErrorCode.NO_SPACE.because("of the test");
        });

        Scenario.fails(ErrorCode.NO_SPACE, () -> CopyStories.run(stage, 2, refusing));

        stage.database.transfers(3);
        assertThat(restorable(3)).containsEntry("level", "1");
    }

    /** An increment may be as large as the room that was missing. */
    @Test
    void anIncrementThatCouldNotBeAppliedIsTakenAwayAtOnce() {
        Map<String, String> first = restorable(1);
        List<String> before = stage.left();
        stage.database.transfers(3);
        stage.database.next("rman RECOVER", new Fault.Fails(19502));

        Scenario.fails(ErrorCode.NO_SPACE, () -> run(2));

        assertThat(stage.left()).isEqualTo(before);
        assertThat(restorable(3)).containsEntry("level", "1").containsEntry("copy.1", first.get("copy.1"));
    }

    @Test
    void copiesThatCannotBeTakenAwayAreFoundByTheNextRun() {
        Map<String, String> first = restorable(1);
        stage.database.transfers(3);
        stage.database.next(
                "rman VALIDATE CHECK LOGICAL DATAFILECOPY", new Fault.First(() -> CopyStories.damage(copy(first, 1))));
        stage.database.next("rman DELETE NOPROMPT BACKUPSET", new Fault.First(() -> {}));
        stage.database.next("rman DELETE FORCE", new Fault.DropBefore());

        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> run(2));
        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> run(3));

        assertThat(restorable(4)).containsEntry("level", "0");
    }

    @Test
    void copiesWithCorruptBlocksFailTheBackup() {
        stage.database.state().corruptInCopies = 2;

        Scenario.fails(ErrorCode.APPLICATION_FAILED, () -> run(1));
    }

    @Test
    void logsThatSomebodyDeletedAreAGap() {
        restorable(1);
        stage.database.next(
                "rman BACKUP AS BACKUPSET TAG", new Fault.First(() -> stage.database.deleteArchived(2, true)));

        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> run(2));

        // The copies are sound: it was the logs that went missing.
        assertThat(restorable(3)).containsEntry("level", "1");
    }

    @Test
    void sessionsThatAreEndedWhileNobodyUsesThemDoNoHarm() {
        restorable(1);
        for (String each : List.of("rman BACKUP INCR", "rman RECOVER", "rman BACKUP AS", "rman VALIDATE")) {
            stage.database.next(each, new Fault.First(stage.database::killSessions));
        }
        stage.database.transfers(2);
        CopiedFolder copy = stage.copy(stage.database::killSessions);

        Map<String, String> evidence = CopyStories.run(stage, 2, copy);

        Scenario.restores(stage, copy, evidence, 2);
    }

    @Test
    void aPointBetweenTheCopiesAndTheEndOfTheLogsIsReached() {
        stage.database.transfers(3);
        stage.database.next(
                "rman VALIDATE CHECK LOGICAL DATAFILECOPY", new Fault.First(() -> stage.database.transfers(4)));
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = CopyStories.run(stage, 1, copy);
        long end = Long.parseLong(evidence.getOrDefault("last_scn", ""));

        try (Recovered recovered = stage.recover(copy, evidence, new RecoveryTarget.AtPosition("" + (end - 15)))) {
            Bank bank = Objects.requireNonNull(stage.home.data());
            assertThat(bank.isConsistent()).isTrue();
            assertThat(bank.transfers()).isEqualTo(5);
            assertThat(recovered.reached().position()).isEqualTo("" + (end - 15));
        }
        long before = Long.parseLong(evidence.getOrDefault("restorable_scn", "")) - 1;
        Scenario.fails(
                ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                () -> stage.recover(copy, evidence, new RecoveryTarget.AtPosition("" + before)));
    }

    @Test
    void aCopyThatIsMissingInTheRestorePointIsNotTakenForGood() {
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = CopyStories.run(stage, 1, copy);
        copy.remove("FNO-2", "");

        assertThatThrownBy(() -> stage.recover(copy, evidence)).isInstanceOf(BackupException.class);
        assertThat(stage.home.running()).isZero();
    }

    @Test
    void aStandbyIsAskedForNoLogSwitch() {
        stage.database.state().role = "PHYSICAL STANDBY";
        assertThat(Scenario.missing(stage.application(CopyStories.COPIES), stage))
                .containsExactly("role");
        Application allowed = stage.application("mode", "image-copies", "allowStandby", "true");

        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> stage.back(allowed, "run-1", stage.copy()));
        assertThat(stage.database.count("ALTER SYSTEM")).isZero();
    }
}
