package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

class JobCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void configure() {
        shell = new Shell(temp);
        shell.write("a/letter.txt", "Dear colleague");
        configured("jobs: {ward: {paths: [\"" + shell.source() + "\"], schedule: {at: [\"02:30\"]}, rpo: 26 h}}");
    }

    private void configured(String text) {
        Path file = Shell.write(temp.resolve("medbackup.yaml"), text);
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
    }

    @Test
    void theScheduleIsListedAsTheContractSays() {
        JsonValue.Members job = Shell.first(shell.json("job", "list"), "jobs");

        assertThat(job.values().keySet()).contains("name", "next", "last", "rpo");
        assertThat(job.text("name")).isEqualTo("ward");
        assertThat(job.text("next")).matches("\\d{4}-.*Z");
        assertThat(job.members("rpo").values().keySet()).containsExactly("target", "actual", "met");
        assertThat(shell.run("job", "list").endsWith(0).out()).contains("ward: next ", "never ran", "RPO 1560 min");
    }

    @Test
    void aJobIsPausedResumedAndCancelled() {
        assertThat(shell.run("job", "pause", "ward").endsWith(0).out()).contains("ward: paused");
        assertThat(shell.run("job", "status", "ward").endsWith(0).out()).contains("PAUSED");
        assertThat(shell.run("job", "resume", "ward").endsWith(0).out()).contains("ward: next ");
        assertThat(shell.run("job", "cancel", "ward").endsWith(0).out()).contains("ward: next ");
    }

    @Test
    void aJobThatIsNotThereEndsWithTwo() {
        assertThat(shell.run("job", "status", "wadr", "--json").endsWith(2).error())
                .isEqualTo("JOB_NOT_CONFIGURED");
        assertThat(shell.run("job").endsWith(2).err()).contains("job needs one of");
    }

    @Test
    void whereNothingRunsByItselfItIsSaid() {
        configured("jobs: {ward: {paths: [\"" + shell.source() + "\"]}}");

        assertThat(shell.run("job", "list").endsWith(0).out()).contains("no job runs by itself");
    }
}
