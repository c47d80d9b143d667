package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** A site that is lost, and restored with what is in its repository. */
class SiteCommandTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("unused"));
    private Path plan = Path.of("unused");

    @BeforeEach
    void makeSite() {
        shell = new Shell(temp).initialised();
        shell.write("letter.txt", "Dear colleague");
        Path file = Shell.write(
                temp.resolve("etc/medbackup.yaml"),
                "jobs: {ward: {paths: [\"" + shell.source() + "\"], keep: {last: 3}}}\n");
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        plan = Shell.write(
                temp.resolve("etc/ward-plan.yaml"),
                "name: a\napplications: {ward: {job: ward, objectives: {rto: 4h, rpo: 1d}}}\n");
        shell.run("run").endsWith(0);
    }

    /** A machine on which nothing is known but the repository's location and the owner's key. */
    private Shell newMachine() {
        var other = new Shell(temp.resolve("new machine"));
        other.environment.clear();
        other.environment.put("MEDBACKUP_REPO", shell.repository().toString());
        other.environment.put("MEDBACKUP_KEY_FILE", shell.environment.get("MEDBACKUP_KEY_FILE"));
        other.environment.put(
                "MEDBACKUP_CONFIG", other.folder.resolve("etc/medbackup.yaml").toString());
        other.environment.put("MEDBACKUP_STATE", other.folder.resolve("state").toString());
        return other;
    }

    @Test
    void eachRunEndsWithARestorePointOfTheSiteThatIsNoneOfTheJob() {
        JsonValue.Members all = shell.json("snapshots");
        JsonValue.Members ofJob = shell.json("snapshots", "--tag", "job=ward");
        String made = list(ofJob, "snapshots").getFirst().text("id");

        assertThat(list(all, "snapshots"))
                .extracting(each -> each.text("source").replaceAll(":.*", ""))
                .containsExactly("ward", "site");
        assertThat(list(ofJob, "snapshots")).hasSize(1);
        Shell.Ran latest = shell.run("ls", "latest", "--recursive").endsWith(0);
        assertThat(latest.out()).contains("letter.txt").doesNotContain("host.key");
        assertThat(list(shell.json("catalogue", "list", "--job", "ward"), "restorePoints"))
                .as("what the run made is in the catalogue, also without a daemon")
                .extracting(each -> each.text("id"))
                .containsExactly(made);
    }

    @Test
    void aMachineThatHasNothingGetsConfigurationPlansCatalogueAndAnAuditTrailThatGoesOn() throws IOException {
        long before = shell.json("audit", "verify").whole("entries");
        Shell other = newMachine();

        JsonValue.Members json = shell(other, "site", "restore");

        hasFields(
                json, "snapshot", "time", "host", "configuration", "plans", "state", "entries", "setAside", "seconds");
        assertThat(json.whole("entries")).isBetween(10L, before);
        assertThat(json.items("setAside")).isEmpty();
        Path file = other.folder.resolve("etc/medbackup.yaml");
        assertThat(file).hasSameTextualContentAs(temp.resolve("etc/medbackup.yaml"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.folder.resolve("state"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.folder.resolve("state/host.key"))))
                .isEqualTo("rw-------");
        JsonValue.Members proven = shell(other, "audit", "verify");
        assertThat(proven.whole("entries")).isGreaterThan(json.whole("entries"));
        assertThat(proven.items("findings")).isEmpty();
        Path restoredPlan = other.folder.resolve("etc/ward-plan.yaml");
        other.run("plan", "check", restoredPlan.toString()).endsWith(0);
        other.run(
                        "restore",
                        "latest@ward",
                        "--target",
                        other.folder.resolve("restored").toString())
                .endsWith(0);
        assertThat(shell(other, "site", "recovered").whole("restores")).isEqualTo(1);
        other.run("run").endsWith(0);
        assertThat(list(shell(other, "snapshots", "--tag", "job=ward"), "snapshots"))
                .hasSize(2);
        assertThat(list(shell(other, "catalogue", "list", "--job", "ward"), "restorePoints"))
                .hasSize(2);
        assertThat(plan).hasSameTextualContentAs(restoredPlan);
    }

    private static JsonValue.Members shell(Shell machine, String... arguments) {
        return machine.json(arguments);
    }

    @Test
    void whatStandsThereIsSetAsideOnlyWhenThatIsAskedFor() throws IOException {
        Shell other = newMachine();
        assertThat(other.run("site", "restore").endsWith(0).out())
                .contains("the site of ", "entries intact", "plan in ", "restored in ");
        Path file = other.folder.resolve("etc/medbackup.yaml");
        Files.writeString(file, "# changed since\n");

        assertThat(other.run("site", "restore", "--json").endsWith(2).error()).isEqualTo("SITE_EXISTS");
        assertThat(file).hasContent("# changed since");

        JsonValue.Members json = other.json("site", "restore", "--replace");

        assertThat(json.items("setAside")).hasSize(3);
        assertThat(file).hasSameTextualContentAs(temp.resolve("etc/medbackup.yaml"));
        try (var beside = Files.list(file.getParent())) {
            assertThat(beside.filter(each -> each.getFileName().toString().startsWith("medbackup.yaml.before-")))
                    .singleElement()
                    .satisfies(old -> assertThat(old).hasContent("# changed since"));
        }
        assertThat(other.folder.resolve(".state.restoring")).doesNotExist();
    }

    @Test
    void onlyARestorePointOfASiteIsRestored() {
        Shell other = newMachine();
        String ofJob = list(shell.json("snapshots", "--source", "ward"), "snapshots")
                .getFirst()
                .text("id");

        assertThat(other.run("site", "restore", "--snapshot", ofJob, "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("SNAPSHOT_NOT_FOUND");
        assertThat(other.run("site", "restore", "--of-host", "nobody", "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("SNAPSHOT_NOT_FOUND");
        assertThat(other.folder.resolve("state")).doesNotExist();
        String site = list(shell.json("snapshots"), "snapshots").getLast().text("id");
        other.run("site", "restore", "--snapshot", site).endsWith(0);
        assertThat(other.run("site").endsWith(2).err()).contains("restore");
    }

    @Test
    void withoutASiteThatWasRestoredNothingIsRecovered() {
        assertThat(shell.run("site", "recovered").endsWith(2).err()).contains("no site was restored");
        Shell other = newMachine();
        other.run("site", "restore").endsWith(0);
        assertThat(other.run("site", "recovered").endsWith(0).out()).contains("recovered with bare hands in ");
    }
}
