package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue.Members;

class CatalogueCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void run() {
        shell = new Shell(temp).initialised();
        Shell.write(temp.resolve("source/letter.txt"), "Dear colleague");
        Path file = Shell.write(
                temp.resolve("medbackup.yaml"),
                "targets: {vault: {location: " + temp.resolve("vault") + "}}\njobs: {ward: {paths: [\""
                        + temp.resolve("source") + "\"], copies: [vault], verify: structure}}");
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        shell.run("run").endsWith(0);
    }

    private void delete(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(shell.repository().resolve(folder))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void itListsWhatLiesWhereAndWhenItWasProvenWithoutAPassword() {
        // What was backed up is known from its run; what that made of the site comes after that.
        assertThat(shell.run("catalogue", "rebuild").endsWith(0).out())
                .contains("repository: 2 restore points, 1 were not known, 0 are gone", "vault: 2 restore points");
        shell.environment.remove("MEDBACKUP_KEY_FILE");

        Members point = Shell.first(shell.json("catalogue", "list", "--job", "ward"), "restorePoints");

        assertThat(point.text("job")).isEqualTo("ward");
        assertThat(point.text("kind")).isEqualTo("COMPLETE");
        assertThat(point.items("targets")).hasSize(2);
        Members here = (Members) point.items("targets").getFirst();
        assertThat(here.text("name")).isEqualTo("repository");
        assertThat(here.members("verified").text("level")).isEqualTo("structure");
        assertThat(((Members) point.items("targets").getLast()).find("verified"))
                .isEmpty();
        assertThat(shell.run("catalogue", "list").endsWith(0).out())
                .contains("COMPLETE", "ward", "repository (proven: structure), vault", "vault was last read ");
        assertThat(shell.run("catalogue", "list", "--job", "absent", "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("JOB_NOT_CONFIGURED");
    }

    @Test
    void whereNothingWasReadYetItSaysHowToReadIt() {
        assertThat(shell.run(
                                "catalogue",
                                "list",
                                "--state",
                                temp.resolve("another state").toString())
                        .endsWith(0)
                        .out())
                .contains("no restore points are known", "catalogue rebuild");
    }

    @Test
    void whatSomebodyDeletedIsNamedAndEndsWithFive() throws IOException {
        shell.run("catalogue", "rebuild").endsWith(0);
        String id = Shell.first(shell.json("catalogue", "list", "--job", "ward"), "restorePoints")
                .text("id");
        delete("s");
        delete("c");

        Shell.Ran said = shell.run("catalogue", "rebuild", "--json").endsWith(5);

        assertThat(said.error()).isEqualTo("SNAPSHOT_MISSING");
        assertThat(said.out()).contains("\"lost\":[\"", "\"" + id + "\"");
        assertThat(shell.run("incident", "list").endsWith(0).out()).contains("CRITICAL", "find out who deleted them");
        assertThat(shell.run("catalogue", "rebuild").endsWith(0).out()).contains("repository: 0 restore points");
    }

    @Test
    void aTargetThatCannotBeReadEndsWithThreeAndAllOfThemWithWhatTheFirstSaid() throws IOException {
        shell.run("catalogue", "rebuild").endsWith(0);
        Files.move(temp.resolve("vault"), temp.resolve("elsewhere"));

        assertThat(shell.run("catalogue", "rebuild").endsWith(3).out())
                .contains("repository: 2 restore points", "vault could not be read");

        shell.password("wrong");
        assertThat(shell.run("catalogue", "rebuild", "--json").endsWith(2).error())
                .isEqualTo("WRONG_PASSWORD");
    }
}
