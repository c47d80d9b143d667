package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** The command of plans of recovery. */
class PlanCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));
    private Path plan = Path.of("unused");

    @BeforeEach
    void writePlan() {
        shell = new Shell(temp).filled();
        Path file =
                Shell.write(temp.resolve("medbackup.yaml"), "jobs: {ward: {paths: [\"" + shell.source() + "\"]}}\n");
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        plan = Shell.write(temp.resolve("plan.yaml"), """
                name: clinic
                applications:
                  portal: {job: portal, objectives: {rto: 2d}, after: {ward: ready}}
                  ward: {job: ward, objectives: {rto: 4h, rpo: 1d}}
                """);
    }

    @Test
    void whatCannotBeRecoveredNowIsNamedInTheOrderOfTheRecovery() {
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);

        JsonValue.Members json = shell.run("plan", "check", plan.toString(), "--json")
                .endsWith(6)
                .json();
        String said = shell.run("plan", "check", plan.toString()).endsWith(6).out();

        hasFields(json, "file", "faults", "applications");
        JsonValue.Members ward = list(json, "applications").getFirst();
        hasFields(ward, "name", "job", "rtoSeconds", "snapshot", "time", "obstacles");
        assertThat(ward.text("name")).isEqualTo("ward");
        assertThat(ward.items("obstacles")).isEmpty();
        assertThat(list(json, "applications").getLast().items("obstacles"))
                .containsExactly(new JsonValue.Text("NO_JOB"), new JsonValue.Text("NO_RESTORE_POINT"));
        assertThat(json.members("error").text("code")).isEqualTo("PLAN_OBSTRUCTED");
        assertThat(said)
                .contains("portal  no restore point; THE CONFIGURATION HAS NO SUCH JOB, NOTHING TO RECOVER FROM");
    }

    @Test
    void aPlanThatCanBeCarriedOutSaysSo() {
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);
        Path alone = Shell.write(
                temp.resolve("alone.yaml"),
                "name: a\napplications: {ward: {job: ward, objectives: {rto: 4h, rpo: 1d}}}\n");
        Path hasty = Shell.write(
                temp.resolve("hasty.yaml"),
                "name: a\napplications: {ward: {job: ward, objectives: {rto: 4h, rpo: 1s}}}\n");

        assertThat(shell.run("plan", "check", alone.toString()).endsWith(0).out())
                .endsWith("the plan can be carried out\n");
        assertThat(shell.json("plan", "check", alone.toString()).items("faults"))
                .isEmpty();
        try {
            Thread.sleep(1_100);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        assertThat(shell.run("plan", "check", hasty.toString()).endsWith(6).out())
                .contains("OLDER THAN ITS RPO");
    }

    @Test
    void theTimeOfAPlanIsPredictedWithItsIntervalAndWhatDecidesIt() {
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);
        Path alone = Shell.write(temp.resolve("alone.yaml"), """
                name: a
                envelope: {parallel: 2, read: 20MiB/s}
                applications:
                  ward: {job: ward, objectives: {rto: 4h}}
                  again: {job: ward, objectives: {rto: 4h}, after: {ward: ready}}
                """);
        String target = temp.resolve("measured").toString();

        JsonValue.Members json = shell.json("rto", "predict", alone.toString(), "--target", target);
        String said = shell.run("rto", "predict", alone.toString(), "--target", target)
                .endsWith(0)
                .out();

        hasFields(json, "predicted", "low", "high", "stages", "criticalPath", "applications", "plan", "seed");
        assertThat(list(json, "stages"))
                .extracting(each -> each.text("name"))
                .containsExactly("ward/RESTORE", "again/RESTORE");
        assertThat(json.items("criticalPath"))
                .containsExactly(new JsonValue.Text("ward/RESTORE"), new JsonValue.Text("again/RESTORE"));
        hasFields(list(json, "applications").getFirst(), "name", "predicted", "high", "met");
        assertThat(said).contains("within its objective in 100 of 100", "decided by ward/RESTORE -> again/RESTORE");
        assertThat(temp.resolve("measured")).isEmptyDirectory();
    }

    @Test
    void otherCircumstancesArePredictedAndWhatWouldGainTheMost() throws IOException {
        byte[] image = new byte[600_000];
        new Random(1).nextBytes(image);
        Files.write(shell.source().resolve("image.dcm"), image);
        shell.run("run", "ward").endsWith(0);
        Path slow = Shell.write(temp.resolve("slow.yaml"), """
                name: a
                envelope: {read: 64KiB/s}
                applications: {ward: {job: ward, objectives: {rto: 4h}}}
                """);
        String target = temp.resolve("measured").toString();
        String[] predict = {"rto", "predict", slow.toString(), "--target", target};

        JsonValue.Members asItIs = shell.json(predict);
        JsonValue.Members wider =
                shell.json("rto", "predict", slow.toString(), "--target", target, "--what-if", "read=128KiB/s");
        JsonValue.Members slower = shell.json(
                "rto",
                "predict",
                slow.toString(),
                "--target",
                target,
                "--what-if",
                "read=none",
                "--what-if",
                "slower=500");
        String said = shell.run(predict).endsWith(0).out();

        hasFields(asItIs, "regime", "noise", "bound", "drills", "gains", "score");
        assertThat(asItIs.text("regime")).isEqualTo("ENVELOPED");
        assertThat(wider.number("predicted"))
                .isBetween(asItIs.number("predicted") * 0.45, asItIs.number("predicted") * 0.6);
        assertThat(asItIs.members("gains").number("READ")).isPositive();
        assertThat(slower.text("regime")).isIn("QUIET", "SHARED");
        assertThat(slower.number("noise")).isPositive();
        assertThat(asItIs.members("score").whole("drills")).isZero();
        assertThat(said)
                .contains("its envelope decides", "a tenth more of read would gain", "no drill of this site has shown");
        assertThat(shell.run("rto", "predict", slow.toString(), "--target", target, "--what-if", "tape=1")
                        .endsWith(2)
                        .err())
                .contains("read, write, processors, parallel, workers, slower or recall");
    }

    @Test
    void theTimeOfOneRestorePointIsPredictedToo() {
        String target = temp.resolve("measured").toString();

        JsonValue.Members json = shell.json("rto", "predict", "--snapshot", "latest", "--target", target);

        hasFields(json, "predicted", "low", "high", "stages", "criticalPath");
        hasFields(list(json, "stages").getFirst(), "name", "seconds");
        assertThat(shell.run("rto", "predict", "--target", target).endsWith(2).err())
                .contains("either a plan or --snapshot");
        assertThat(shell.run("rto", "predict", plan.toString(), "--target", target)
                        .endsWith(1)
                        .err())
                .contains("no restore point is known for");
        Path wrong = Shell.write(temp.resolve("wrong.yaml"), "name: a\n");
        assertThat(shell.run("rto", "predict", wrong.toString(), "--target", target)
                        .endsWith(2)
                        .err())
                .contains("plan check");
    }

    @Test
    void whatIsWrongWithAPlanIsNamedWithItsLine() {
        Path wrong = Shell.write(
                temp.resolve("wrong.yaml"),
                "name: a\napplications: {a: {job: a, objectives: {rto: 4h}, after: {b: ready}}}\n");

        Shell.Ran ran = shell.run("plan", "check", wrong.toString(), "--json").endsWith(2);

        assertThat(list(ran.json(), "faults").getFirst().whole("line")).isEqualTo(2);
        assertThat(ran.json().members("error").text("code")).isEqualTo("PLAN_INVALID");
        assertThat(shell.run("plan", "check", wrong.toString()).endsWith(2).out())
                .contains("line 2, applications/a/after/b: the plan has no application b");
        assertThat(shell.run("plan", "check", temp.resolve("none").toString())
                        .endsWith(2)
                        .err())
                .contains("does not exist");
        assertThat(shell.run("plan", "check", temp.toString()).endsWith(2).err())
                .contains("cannot be read");
        assertThat(shell.run("plan").endsWith(2).err()).contains("check");
    }
}
