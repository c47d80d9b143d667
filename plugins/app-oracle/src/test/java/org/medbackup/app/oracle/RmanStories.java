package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** What is seen of backups by RMAN: full ones, differences and logs. */
final class RmanStories {

    private static final String[] DIFFERENTIAL = {Settings.KIND, "differential"};
    private static final String[] CUMULATIVE = {Settings.KIND, "cumulative"};

    private RmanStories() {}

    static void aFullBackupByRmanRestores(Stage stage) {
        stage.database.transfers(7);
        stage.database.rman().between(stage::work);
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(Stage.RMAN), "run-7", copy);

        assertThat(run.frozen()).isZero();
        Map<String, String> evidence = Stage.evidence(run);
        assertThat(evidence)
                .containsEntry("level", "0")
                .containsEntry("dbid", "1234567890")
                .containsEntry("db_unique_name", "ORCL_A")
                .containsEntry("incarnation", "2")
                .containsEntry("resetlogs_scn", "900")
                .containsEntry("role_at_end", "PRIMARY")
                .containsKeys("first_scn", "last_scn", "thread.1.first", "thread.2.last", "control_file", "chain.0");
        Scenario.restores(stage, copy, evidence, stage.database.moved());
        assertThat(stage.home.calls()).noneMatch(each -> each.contains("pässword"));
        assertThat(copy.order()).anyMatch(each -> each.matches(".*/recover-medbackup-\\w+\\.rman"));
    }

    static void aChainOfDifferencesAndLogsRestoresFromItsLastPoint(Stage stage) {
        stage.database.rman().between(stage::work);
        Map<String, String> before = Map.of();
        CopiedFolder copy = stage.copy();
        long moved = 0;
        List<String> kinds =
                List.of("differential", "differential", "log", "cumulative", "log", "differential", "log", "log");
        for (int i = 0; i < kinds.size(); i++) {
            stage.database.transfers(3);
            copy = stage.copy().after(before);
            before = Stage.evidence(stage.back(stage.application(Settings.KIND, kinds.get(i)), "run-" + i, copy));
            moved = stage.database.moved();
            // The first has nothing to rest on, and is full.
            assertThat(before.get("level"))
                    .isEqualTo(i == 0 ? "0" : kinds.get(i).equals("log") ? "log" : "1");
            Scenario.restores(stage, copy, before, moved);
        }
        assertThat(before).containsKey("chain.4").doesNotContainKey("chain.6");

        stage.database.transfers(3);
        copy = stage.copy().after(before);
        before = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-full", copy));

        assertThat(before).containsEntry("level", "0").doesNotContainKey("chain.1");
        String tag = before.getOrDefault("tag", "none");
        assertThat(stage.left()).isNotEmpty().allMatch(each -> each.contains(tag));
    }

    static void filesThatRmanLeftOutAreMissed(Stage stage) {
        stage.database.next("rman BACKUP", new Fault.First(() -> stage.database.other("ALTER DATABASE BEGIN BACKUP")));

        Scenario.fails(
                ErrorCode.APPLICATION_STATE_LOST,
                () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    static void aBackupThatSomebodyTookInBetweenIsAGap(Stage stage) {
        Map<String, String> full = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", stage.copy()));
        stage.database.transfers(4);
        stage.database.rman().ofOthers(stage.folder.resolve("others"), 1);
        stage.database.transfers(4);

        Scenario.fails(
                ErrorCode.APPLICATION_LOG_GAP,
                () -> stage.back(
                        stage.application(DIFFERENTIAL), "run-2", stage.copy().after(full)));
        // What rests on the full backup alone is not touched by it, and what failed was taken back.
        CopiedFolder copy = stage.copy().after(full);
        Map<String, String> evidence = Stage.evidence(stage.back(stage.application(CUMULATIVE), "run-3", copy));
        Scenario.restores(stage, copy, evidence, 8);
    }

    static void trackingEndsAfterSevenDifferences(Stage stage) {
        Map<String, String> before = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-0", stage.copy()));
        for (int i = 1; i <= 7; i++) {
            stage.database.transfers(1);
            before = Stage.evidence(stage.back(
                    stage.application(DIFFERENTIAL), "run-" + i, stage.copy().after(before)));
            assertThat(before).containsEntry("used_change_tracking", "yes");
        }
        assertThat(Scenario.missing(stage.application(DIFFERENTIAL), stage)).isEmpty();
        assertThat(Scenario.missing(stage.application(CUMULATIVE), stage)).containsExactly("change_tracking");
        Application allowed = stage.application(Settings.KIND, "cumulative", Settings.FULL_READS, "true");
        before = Stage.evidence(stage.back(allowed, "run-8", stage.copy().after(before)));

        assertThat(before).containsEntry("used_change_tracking", "no");
    }

    static void aDamagedPieceIsFoundBeforeItIsStored(Stage stage) {
        CopiedFolder copy = stage.copy();
        stage.database.next("rman VALIDATE", new Fault.First(() -> damageOne(stage)));

        Scenario.fails(
                ErrorCode.RESTORED_APPLICATION_INVALID, () -> stage.back(stage.application(Stage.RMAN), "run-7", copy));

        assertThat(copy.order()).isEmpty();
        assertThat(stage.left()).isEmpty();
    }

    static void damageOne(Stage stage) {
        Path piece = stage.backups().resolve(stage.left().getFirst());
        try {
            Files.writeString(piece, Files.readString(piece).replace("datafile", "datafi1e"));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    static void aDatabaseWithCorruptBlocksFails(Stage stage) {
        CopiedFolder copy = stage.copy();
        Map<String, String> sound = Stage.evidence(stage.back(stage.application(Stage.RMAN), "run-1", copy));
        stage.database.state().corrupt = 3;
        try (Recovered recovered = stage.recover(copy, sound)) {
            assertThat(recovered.verify(stage.soon())).extracting(Readiness::ok).containsExactly(false);
        }

        Scenario.fails(
                ErrorCode.APPLICATION_FAILED, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
    }

    static void exitCodeAndOutputOfRmanBothCount(Stage stage) {
        stage.database.next("rman VALIDATE", new Fault.DropAfter());
        Scenario.fails(
                ErrorCode.APPLICATION_FAILED, () -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()));
        assertThat(stage.left()).isEmpty();

        stage.database.next("rman BACKUP", new Fault.EndsWell(19502));
        Scenario.fails(ErrorCode.NO_SPACE, () -> stage.back(stage.application(Stage.RMAN), "run-8", stage.copy()));
    }

    static void aFailureOfRmanIsToldByItsCodes(Stage stage) {
        stage.database.next("rman BACKUP", new Fault.Fails(19502));

        assertThatThrownBy(() -> stage.back(stage.application(Stage.RMAN), "run-7", stage.copy()))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE);
                    assertThat(failure.context().get("codes")).contains("RMAN-03009 ORA-19502");
                    assertThat(failure.describe()).doesNotContain("canary", "patients");
                });
    }
}
