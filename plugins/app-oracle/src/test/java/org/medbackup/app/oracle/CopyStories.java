package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.app.oracle.fake.Fault;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.CopiedFolder;

/** What is seen of image copies that are rolled forward. */
final class CopyStories {

    static final String[] COPIES = {Settings.MODE, "image-copies"};
    private static final String RECOVER = "rman RECOVER COPY";

    private CopyStories() {}

    /** A run, and what its restore point says. */
    static Map<String, String> run(Stage stage, int number, CopiedFolder copy) {
        return Stage.evidence(stage.back(stage.application(COPIES), "run-" + number, copy));
    }

    static Map<String, String> restorable(Stage stage, int number) {
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = run(stage, number, copy);
        Scenario.restores(stage, copy, evidence, stage.database.moved());
        return evidence;
    }

    static Map<String, String> copies(Map<String, String> evidence) {
        var copies = new TreeMap<>(evidence);
        copies.keySet().removeIf(each -> !each.startsWith("copy."));
        return copies;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void damage(Path file) {
        try {
            Files.writeString(file, text(file).replace("value ", "valu3 "));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void everyRunLeavesWholeFilesOfItsOwnState(Stage stage) {
        stage.database.transfers(4);
        stage.database.rman().between(stage::work);
        List<CopiedFolder> points = new ArrayList<>();
        List<Map<String, String>> evidence = new ArrayList<>();
        List<Long> moved = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stage.database.transfers(2);
            points.add(stage.copy());
            evidence.add(run(stage, i, points.get(i)));
            moved.add(stage.database.moved());
            assertThat(evidence.get(i))
                    .containsEntry("level", i == 0 ? "0" : "1")
                    .containsKeys("last_scn", "restorable_scn", "thread.1.first", "thread.2.last", "control_file");
            assertThat(copies(evidence.get(i)))
                    .hasSize(2)
                    .isEqualTo(copies(evidence.getFirst()))
                    .allSatisfy((key, file) -> assertThat(text(Path.of(file)))
                            .isEqualTo(points.get(points.size() - 1).text(Path.of(file))));
            String tag = evidence.get(i).getOrDefault("tag", "none");
            String copies = evidence.get(i).getOrDefault("copies_tag", "none");
            // The increment is in the copies, and gone.
            assertThat(stage.left())
                    .allMatch(each -> each.contains(tag) || each.contains(copies))
                    .filteredOn(each -> each.contains(copies))
                    .hasSize(2);
            if (i > 0) {
                long ended = Long.parseLong(evidence.get(i - 1).getOrDefault("last_scn", ""));
                assertThat(Long.parseLong(evidence.get(i).getOrDefault("first_scn", "")))
                        .isGreaterThan(ended);
            }
        }
        for (int i = 0; i < points.size(); i++) {
            Scenario.restores(stage, points.get(i), evidence.get(i), moved.get(i));
        }
    }

    static void copiesThatStayedBehindAreNotTakenForGood(Stage stage) {
        Map<String, String> first = restorable(stage, 1);
        stage.database.transfers(3);
        String tag = first.getOrDefault("copies_tag", "");
        stage.database.next(RECOVER, new Fault.First(() -> stage.database.rman().deleteOurs(tag)));

        Scenario.fails(ErrorCode.APPLICATION_STATE_LOST, () -> run(stage, 2, stage.copy()));

        // Nothing is built on them: the next run makes new ones.
        assertThat(restorable(stage, 3)).containsEntry("level", "0");
    }

    static void anotherProductsIncrementUnderOurTagIsAGap(Stage stage) {
        Map<String, String> first = restorable(stage, 1);
        stage.database.transfers(3);
        stage.database.rman().ofOthers(stage.folder.resolve("others"), 1);
        stage.database.transfers(3);
        assertThat(restorable(stage, 2)).containsEntry("level", "1");

        stage.database.transfers(3);
        stage.database.rman().copies().ofOthers(stage.folder.resolve("others"), first.getOrDefault("copies_tag", ""));
        long theirs = files(stage.folder.resolve("others"));
        stage.database.transfers(3);
        Scenario.fails(ErrorCode.APPLICATION_LOG_GAP, () -> run(stage, 3, stage.copy()));

        assertThat(restorable(stage, 4)).containsEntry("level", "0");
        stage.database.transfers(3);
        assertThat(restorable(stage, 5)).containsEntry("level", "1");
        assertThat(files(stage.folder.resolve("others"))).isEqualTo(theirs);
    }

    private static long files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static void aFileThatIsReadOnlyNeedsNoLogsOfItsPast(Stage stage) {
        stage.database.transfers(5);
        Map<String, String> first = restorable(stage, 1);
        stage.database.state().readOnly.add(2);
        stage.database.checkpoint();

        Map<String, String> second = restorable(stage, 2);
        Map<String, String> third = restorable(stage, 3);

        String number = "checkpoint_scn.2";
        assertThat(second).containsEntry("level", "1").containsEntry(number, first.get(number));
        assertThat(third).containsEntry(number, first.get(number));
        assertThat(Long.parseLong(third.getOrDefault("first_scn", "")))
                .isGreaterThan(Long.parseLong(second.getOrDefault("first_scn", "")));
        stage.database.state().readOnly.clear();
        stage.database.transfers(5);
        assertThat(restorable(stage, 4).get(number)).isNotEqualTo(first.get(number));
    }

    static void aDamagedCopyIsFoundBeforeItIsStored(Stage stage) {
        Map<String, String> first = restorable(stage, 1);
        stage.database.transfers(3);
        CopiedFolder copy = stage.copy();
        stage.database.next(
                "rman VALIDATE CHECK LOGICAL DATAFILECOPY",
                new Fault.First(() -> damage(Path.of(first.getOrDefault("copy.2", "")))));

        Scenario.fails(ErrorCode.RESTORED_APPLICATION_INVALID, () -> run(stage, 2, copy));

        assertThat(copy.order()).isEmpty();
        assertThat(restorable(stage, 3)).containsEntry("level", "0");
    }

    static void filesThatRmanLeftOutOfItsCopiesAreMissed(Stage stage) {
        String begin = "ALTER DATABASE BEGIN BACKUP";
        stage.database.next("rman BACKUP INCR", new Fault.First(() -> stage.database.other(begin)));
        Scenario.fails(ErrorCode.APPLICATION_STATE_LOST, () -> run(stage, 1, stage.copy()));
        stage.database.other("ALTER DATABASE END BACKUP");
        restorable(stage, 2);
        stage.database.transfers(3);
        stage.database.next("rman BACKUP INCR", new Fault.First(() -> stage.database.other(begin)));

        Scenario.fails(ErrorCode.APPLICATION_STATE_LOST, () -> run(stage, 3, stage.copy()));

        stage.database.other("ALTER DATABASE END BACKUP");
        assertThat(restorable(stage, 4)).containsEntry("level", "1");
    }

    static void copiesOfAnotherIncarnationAreMadeAnew(Stage stage) {
        Map<String, String> first = restorable(stage, 1);
        stage.database.resetLogs();
        CopiedFolder copy = stage.copy();

        Map<String, String> second = run(stage, 2, copy);

        assertThat(second).containsEntry("level", "0").containsEntry("incarnation", "3");
        assertThat(copies(first).values())
                .allSatisfy(each -> assertThat(Path.of(each)).doesNotExist());
        Scenario.fails(ErrorCode.APPLICATION_STATE_LOST, () -> run(stage, 3, stage.copy(stage.database::resetLogs)));
    }

    static void aDrillNeverWritesIntoTheCopiesThatAreRolledForward(Stage stage) {
        stage.database.transfers(3);
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = run(stage, 1, copy);
        Path live = Path.of(evidence.getOrDefault("copy.1", ""));
        String before = text(live);

        stage.recover(copy, evidence).close();

        assertThat(text(live)).isEqualTo(before);
        assertThat(copy.text(live)).isEqualTo("of the sandbox");
        assertThat(stage.database.isUnharmed()).isTrue();
        Scenario.fails(ErrorCode.USAGE, () -> stage.recoverAt(Path.of("/"), evidence));
        assertThat(text(live)).isEqualTo(before);
        stage.database.transfers(3);
        assertThat(restorable(stage, 2)).containsEntry("level", "1");
    }
}
