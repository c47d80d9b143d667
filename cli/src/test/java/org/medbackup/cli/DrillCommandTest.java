package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.first;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** The command that rehearses recoveries. */
class DrillCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));

    @BeforeEach
    void backUp() {
        shell = new Shell(temp).filled();
        Path file =
                Shell.write(temp.resolve("medbackup.yaml"), "jobs: {ward: {paths: [\"" + shell.source() + "\"]}}\n");
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);
    }

    private String plan(String envelope, String objectives, String more) {
        return Shell.write(temp.resolve("plan.yaml"), """
                name: clinic
                envelope: {%s}
                applications:
                  ward: {job: ward, objectives: {%s}%s}
                """.formatted(envelope, objectives, more))
                .toString();
    }

    private Shell.Ran drill(String plan, String... more) {
        return shell.run(Stream.concat(
                        Stream.of(
                                "drill",
                                "run",
                                plan,
                                "--scratch",
                                temp.resolve("scratch").toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void aRecoveryIsRehearsedMeasuredCheckedAndTakenAway() {
        String plan = plan("parallel: 1, read: 50MiB/s", "rto: 4h, rpo: 1d", "");

        JsonValue.Members json = drill(
                        plan, "--json", "--report", temp.resolve("evidence").toString())
                .endsWith(0)
                .json();

        hasFields(
                json,
                "predicted",
                "actual",
                "errorPercent",
                "objective",
                "met",
                "stages",
                "checks",
                "cleanup",
                "applications");
        assertThat(json.members("cleanup").values()).containsEntry("ok", new JsonValue.Truth(true));
        hasFields(first(json, "checks"), "name", "ok");
        JsonValue.Members ward = first(json, "applications");
        assertThat(ward.whole("files")).isPositive();
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        Path evidence = temp.resolve("evidence/drill-" + json.text("drill") + ".json");
        assertThat(Json.parseMembers(Shell.read(evidence)).text("planDigest")).isEqualTo(json.text("planDigest"));
        assertThat(drill(plan).endsWith(0).out()).contains("predicted ", "hashes ok", "nothing of it is left");
        assertThat(shell.run("audit", "verify").endsWith(0).out()).isNotBlank();
        hasFields(json, "regime", "noise", "bound", "learnedFrom");
        JsonValue.Members next = shell.json(
                "rto", "predict", plan, "--target", temp.resolve("scratch").toString());
        assertThat(next.whole("drills")).as("it learns from both").isEqualTo(2);
        assertThat(next.members("score").whole("drills")).isEqualTo(2);
        assertThat(shell.run(
                                "rto",
                                "predict",
                                plan,
                                "--target",
                                temp.resolve("scratch").toString())
                        .endsWith(0)
                        .out())
                .contains("of 2 drills of this site");
    }

    @Test
    void anObjectiveThatIsMissedEndsWith6() throws InterruptedException {
        Thread.sleep(1_100);
        // The restore point is older than that by the time a drill begins.
        JsonValue.Members json = drill(plan("parallel: 1, read: 10MiB/s", "rto: 1h, rpo: 1s", ""), "--json")
                .endsWith(6)
                .json();

        assertThat(json.members("error").text("code")).isEqualTo("OBJECTIVE_MISSED");
        assertThat(json.values()).containsEntry("met", new JsonValue.Truth(false));
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void aCheckThatFailsEndsWith5AndACheckThatCannotBeMadeIsNone() {
        String said = drill(plan("parallel: 1", "rto: 1h", ", checks: [{kind: hashes}, {kind: application}]"))
                .endsWith(5)
                .out();

        assertThat(said).contains("hashes ok, application FAILED: its job backs up files, so that nothing was started");
    }

    @Test
    void damagedDataIsFoundByTheDrill() {
        for (Path each : packs()) {
            byte[] bytes = bytes(each);
            for (int at = 64; at < bytes.length; at += 16) {
                bytes[at] ^= 1;
            }
            try {
                Files.write(each, bytes);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        Shell.Ran ran = drill(plan("parallel: 1", "rto: 1h", ""), "--json");

        assertThat(ran.code()).isEqualTo(5);
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<Path> packs() {
        try (Stream<Path> all = Files.walk(shell.repository().resolve("d"))) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void whatCannotBeRehearsedIsToldBeforeAnythingIsRestored() {
        String none = Shell.write(
                        temp.resolve("none.yaml"), "name: a\napplications: {a: {job: other, objectives: {rto: 1h}}}\n")
                .toString();

        assertThat(drill(none).endsWith(1).err()).contains("no restore point is known for a");
        assertThat(drill(temp.resolve("absent").toString()).endsWith(2).err()).contains("does not exist");
        assertThat(shell.run("drill", "run", none).endsWith(2).err()).contains("--scratch");
        assertThat(shell.run("drill").endsWith(2).err()).contains("run");
        assertThat(list(shell.json("snapshots"), "snapshots")).isNotEmpty();
    }

    @Test
    void aSampleOfTheFilesIsPartialAndTheSeedMakesItAgain() {
        // Of few files a sample may well be all.
        for (int i = 0; i < 25; i++) {
            Shell.write(shell.source().resolve("more" + i + ".txt"), "number " + i);
        }
        shell.run("run", "ward").endsWith(0);
        String plan = plan("parallel: 1", "rto: 4h", "");
        long all =
                first(drill(plan, "--json").endsWith(0).json(), "applications").whole("files");

        JsonValue.Members some = drill(plan, "--json", "--sample", "40%", "--seed", "7")
                .endsWith(0)
                .json();
        JsonValue.Members again = drill(plan, "--json", "--sample", "40", "--seed", "7")
                .endsWith(0)
                .json();

        assertThat(some.values())
                .containsEntry("partial", new JsonValue.Truth(true))
                .containsEntry("points", new JsonValue.Text("newest"))
                .containsEntry("choiceSeed", new JsonValue.Whole(7))
                .containsEntry("share", new JsonValue.Decimal(0.4));
        assertThat(first(some, "applications").whole("files")).isBetween(1L, all - 1);
        assertThat(first(again, "applications").whole("files"))
                .isEqualTo(first(some, "applications").whole("files"));
        assertThat(first(drill(plan, "--json", "--sample", "0.001%").endsWith(0).json(), "applications")
                        .whole("files"))
                .as("at least one file")
                .isOne();
        assertThat(drill(plan, "--sample", "40%").endsWith(0).out()).contains("a sample of the files alone");
        assertThat(drill(plan, "--sample", "no").endsWith(2).err()).contains("no share such as 5%");
        assertThat(drill(plan, "--sample", "120%").endsWith(2).err()).contains("above 0%");
        assertThat(drill(plan, "--points", "any").endsWith(2).err()).contains("newest, oldest, random");
    }

    @Test
    void anOldRestorePointIsRehearsedWhereItIsAskedFor() {
        List<JsonValue.Members> before = list(shell.json("snapshots"), "snapshots");
        String oldest = before.getFirst().text("id");
        Shell.write(shell.source().resolve("later.txt"), "later");
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);
        String plan = plan("parallel: 1", "rto: 4h", "");

        assertThat(first(drill(plan, "--json", "--points", "oldest").endsWith(0).json(), "applications")
                        .text("snapshot"))
                .isEqualTo(oldest);
        assertThat(first(drill(plan, "--json").endsWith(0).json(), "applications")
                        .text("snapshot"))
                .isNotEqualTo(oldest);
        assertThat(drill(plan, "--json", "--points", "random")
                        .endsWith(0)
                        .json()
                        .text("points"))
                .isEqualTo("random");
    }

    @Test
    void oneApplicationIsRehearsedWithWhatItNeeds() {
        String plan = Shell.write(temp.resolve("three.yaml"), """
                        name: three
                        applications:
                          directory: {job: ward, objectives: {rto: 1h}}
                          records: {job: ward, objectives: {rto: 2h}, after: {directory: ready}}
                          images: {job: ward, objectives: {rto: 2h}}
                        """).toString();

        JsonValue.Members json =
                drill(plan, "--json", "--application", "records").endsWith(0).json();

        assertThat(list(json, "applications"))
                .extracting(each -> each.text("name"))
                .containsExactly("directory", "records");
        assertThat(drill(plan, "--application", "mail").endsWith(2).err()).contains("the plan has no application mail");
    }

    @Test
    void severalPlansAreCarriedOutOneAfterTheOtherWithAnObjectiveOfTheWhole() {
        String one = plan("parallel: 1", "rto: 4h", "");
        String other = Shell.write(
                        temp.resolve("other.yaml"),
                        "name: other\napplications: {w: {job: ward, objectives: {rto: 1h}}}\n")
                .toString();

        JsonValue.Members json = drill(one, other, "--json", "--objective", "12h", "--report", temp + "/evidence")
                .endsWith(0)
                .json();

        hasFields(json, "predicted", "actual", "errorPercent", "objective", "met", "stages", "checks", "cleanup");
        assertThat(list(json, "drills")).extracting(each -> each.text("plan")).containsExactly("clinic", "other");
        assertThat(temp.resolve("evidence")).isDirectoryContaining("glob:**.json");
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        assertThat(drill(one, other).endsWith(0).out()).contains("clinic", "other", "all: predicted");
    }

    @Test
    void theStandingOfConfiguredDrillsIsShownAlsoWithoutADaemon() {
        assertThat(shell.run("drill", "status").endsWith(0).out()).contains("no drill runs by itself");
        String plan = plan("parallel: 1", "rto: 4h", "");
        Shell.write(temp.resolve("medbackup.yaml"), """
                jobs: {ward: {paths: ["%s"]}}
                drills: {weekly: {plan: %s, scratch: /srv/recovered, schedule: {at: ["03:00"], days: [SUN]}}}
                """.formatted(shell.source(), plan));

        JsonValue.Members ward = first(shell.json("drill", "status"), "applications");

        hasFields(ward, "drill", "plan", "application", "last", "good", "due", "overdue", "tooLarge", "attainable");
        assertThat(ward.text("plan")).isEqualTo("clinic");
        assertThat(ward.values()).containsEntry("overdue", new JsonValue.Truth(false));
        assertThat(shell.run("drill", "status").endsWith(0).out())
                .contains("weekly: clinic/ward: never rehearsed, due until ")
                .doesNotContain("suffice");
        Shell.write(
                temp.resolve("medbackup.yaml"),
                "drills: {yearly: {plan: " + plan + ", scratch: /s, schedule: {at: [\"03:00\"], monthDays: [1]}}}\n");
        assertThat(shell.run("drill", "status").endsWith(0).out())
                .contains("yearly: clinic/ward: never", "the times of the drill do not suffice");
    }
}
