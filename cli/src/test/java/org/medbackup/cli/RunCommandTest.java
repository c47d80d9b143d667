package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

class RunCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void fill() {
        shell = new Shell(temp).initialised();
        shell.write("a/letter.txt", "Dear colleague");
    }

    private void configure(String jobs) {
        Path file = Shell.write(temp.resolve("medbackup.yaml"), """
                targets:
                  vault: {location: "%s"}
                jobs:
                %s""".formatted(temp.resolve("vault"), jobs.indent(2)));
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
    }

    private static List<String> names(JsonValue.Members json, String list, String field) {
        return json.items(list).stream()
                .map(each -> ((JsonValue.Members) each).text(field))
                .toList();
    }

    @Test
    void runDoesTheWholeCycleOfAJobAndAnswersAsTheContractSays() {
        configure("ward: {paths: [\"%s\"], copies: [vault], keep: {last: 2}}".formatted(shell.source()));

        JsonValue.Members json = shell.json("run");

        JsonValue.Members job = Shell.first(json, "jobs");
        assertThat(job.values().keySet())
                .contains("name", "state", "snapshot", "freezeSeconds", "attempts", "seconds", "errors");
        assertThat(job.text("name")).isEqualTo("ward");
        assertThat(job.text("state")).isEqualTo("SUCCEEDED");
        assertThat(job.whole("attempts")).isEqualTo(1);
        assertThat(job.items("errors")).isEmpty();
        assertThat(shell.snapshotIds()).containsExactly(job.text("snapshot"));
        assertThat(shell.run("run", "ward").endsWith(0).out()).startsWith("ward: SUCCEEDED, restore point ");
        shell.environment.put("MEDBACKUP_REPO", temp.resolve("vault").toString());
        assertThat(shell.snapshotIds()).hasSize(2).contains(job.text("snapshot"));
    }

    @Test
    void aJobThatFailsDoesNotKeepTheOthersFromRunningAndSaysWhatToDo() {
        configure("""
                absent: {paths: ["%s/absent"], retryFor: 1 s}
                ward: {paths: ["%s"]}""".formatted(temp, shell.source()));

        Shell.Ran ran = shell.run("run", "--json").endsWith(1);

        assertThat(ran.error()).isEqualTo("SOURCE_NOT_FOUND");
        assertThat(names(ran.json(), "jobs", "state")).containsExactly("FAILED", "SUCCEEDED");
        JsonValue.Members last = (JsonValue.Members)
                Shell.first(ran.json(), "jobs").items("errors").getLast();
        assertThat(last.text("failure")).isEqualTo("source-absent");
        assertThat(last.text("action")).isEqualTo("STOP");
        assertThat(last.text("remedy")).startsWith("Mount what belongs there");
        assertThat(shell.run("run", "absent").endsWith(2).out())
                .contains("absent: FAILED, no restore point", "given up. Mount what belongs there");
    }

    @Test
    void targetsBelowWhatIsBackedUpAreLeftOut() {
        configure("all: {paths: [\"%s\"], copies: [vault]}".formatted(temp));

        String snapshot = Shell.first(shell.json("run"), "jobs").text("snapshot");

        String listed = shell.run("ls", snapshot, "--recursive").endsWith(0).out();
        assertThat(listed).contains("source/a/letter.txt").doesNotContain("vault/", "repository/");
    }

    @Test
    void damageThatAVerificationMeetsEndsWith5() {
        configure("ward: {paths: [\"%s\"], verify: content}".formatted(shell.source()));
        shell.run("run").endsWith(0);
        shell.damagePacks();

        Shell.Ran ran = shell.run("run", "--json").endsWith(5);

        assertThat(ran.error()).isEqualTo("OBJECT_DAMAGED");
        assertThat(names(ran.json(), "jobs", "state")).containsExactly("FAILED");
    }

    @Test
    void wrongInputIsRefusedBeforeAnythingIsStarted() {
        configure("ward: {paths: [\"%s\"]}".formatted(shell.source()));

        assertThat(shell.run("run", "wart", "--json").endsWith(2).error()).isEqualTo("JOB_NOT_CONFIGURED");
        shell.run("run", "wart").endsWith(2).saysWhatIsWrong("ward", "wart");
        assertThat(shell.snapshotIds()).isEmpty();

        configure("ward: {paths: [\"%s\"], copies: [vaults]}".formatted(shell.source()));
        shell.run("run").endsWith(2).saysWhatIsWrong("line 4", "there is no target vaults");

        shell.environment.remove("MEDBACKUP_CONFIG");
        assertThat(shell.run("run", "--json").endsWith(2).error()).isEqualTo("JOB_NOT_CONFIGURED");
    }
}
