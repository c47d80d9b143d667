package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

class IncidentCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void fail() {
        shell = new Shell(temp).initialised();
        Path file = Shell.write(
                temp.resolve("medbackup.yaml"),
                "jobs: {ward: {paths: [\"" + temp.resolve("absent") + "\"], retryFor: 1 s}}");
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        shell.run("run").endsWith(2);
    }

    @Test
    void whatAJobCouldNotMendIsListedWithWhatToDo() {
        JsonValue.Members incident = Shell.first(shell.json("incident", "list"), "incidents");

        assertThat(incident.values().keySet())
                .contains("id", "severity", "since", "cause", "members", "remedy", "state");
        assertThat(incident.text("state")).isEqualTo("OPEN");
        assertThat(((JsonValue.Members) incident.find("cause").orElseThrow()).text("failure"))
                .isEqualTo("source-absent");
        assertThat(shell.run("incident", "list").endsWith(0).out())
                .contains("OPEN", "ward", "Mount what belongs there");
    }

    @Test
    void whoeverTakesCareOfItIsNamed() {
        String id = Shell.first(shell.json("incident", "list"), "incidents").text("id");

        String said = shell.run(
                        "incident", "ack", id.substring(0, 8), "--note", "the disk is on its way", "--for", "2h")
                .endsWith(0)
                .out();

        assertThat(said).contains("ACKNOWLEDGED", "takes care of it until", "the disk is on its way");
        assertThat(Shell.first(shell.json("incident", "list"), "incidents").text("state"))
                .isEqualTo("ACKNOWLEDGED");
    }

    @Test
    void itIsOverWhenTheJobHasSucceeded() {
        Shell.write(temp.resolve("absent/letter.txt"), "Dear colleague");
        shell.run("run").endsWith(0);

        assertThat(shell.run("incident", "list").endsWith(0).out()).contains("nothing waits for a person");
    }

    @Test
    void anIdThatIsNotThereEndsWithTwoAndSaysWhatToDo() {
        assertThat(shell.run("incident", "ack", "ffffffff", "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("INCIDENT_NOT_FOUND");
    }
}
