package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.isDuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

class AppCommandsTest {

    @TempDir
    static Path folder;

    private static Database database;
    private static Shell shell;

    @BeforeAll
    static void startServer() {
        database = new Database();
        database.ask("CREATE TABLE account AS SELECT n AS id, 0 AS balance FROM generate_series(1, 5000) AS n");
        database.ask("CREATE ROLE weak LOGIN PASSWORD 'weak'");
        shell = new Shell(folder).initialised();
    }

    @AfterAll
    static void stopServer() {
        database.close();
    }

    @Test
    void checkAnswersWithEachPrecondition() {
        JsonValue.Members json = shell.json("app", "check", database.address());

        JsonValue.Members check = Shell.first(json, "checks");
        assertThat(check.values().keySet()).containsExactly("name", "ok", "message", "remedy");
        assertThat(shell.run("app", "check", database.address()).endsWith(0).out())
                .contains("version 18", "ok    wal_level: wal_level is replica")
                .doesNotContain("WRONG", database.password());
    }

    @Test
    void whatIsNotReadyEndsWithSixAndItsRemedy() {
        String weak = database.address("weak", "weak");

        Shell.Ran ran = shell.run("app", "check", weak, "--json").endsWith(6);
        assertThat(ran.error()).isEqualTo("APPLICATION_NOT_READY");
        assertThat(ran.json().items("checks")).isNotEmpty();
        Shell.Ran told = shell.run("app", "check", weak).endsWith(6);
        assertThat(told.out()).contains("WRONG backup_functions", "GRANT EXECUTE");
        assertThat(told.err()).contains("preconditions are not met");
        assertThat(shell.run("app", "backup", weak, "--json").endsWith(1).error())
                .isEqualTo("APPLICATION_NOT_READY");
    }

    @Test
    void anApplicationThatIsNotThereEndsWithOneAndAWrongAddressWithTwo() {
        String secret = "postgresql://postgres:canary-secret@127.0.0.1:1/postgres";

        Shell.Ran gone = shell.run("app", "check", secret, "--verbose").endsWith(1);
        assertThat(gone.err()).contains("The application does not answer").doesNotContain("canary-secret");
        Shell.Ran malformed = shell.run("app", "check", "postgresql://u:canary-secret @h/")
                .endsWith(2)
                .saysWhatIsWrong("cannot be understood");
        assertThat(malformed.err()).doesNotContain("canary-secret");
        shell.run("app", "backup", "informix://h/").endsWith(2).saysWhatIsWrong("informix");
        shell.run("app", "check").endsWith(2).saysWhatIsWrong("APP");
    }

    @Test
    void aBackupTellsItsConsistencyAndARestoreHowFarItRecovered() throws IOException {
        JsonValue.Members backup = shell.json("app", "backup", database.address());

        hasFields(backup, "snapshot", "parent", "files", "bytes", "seconds", "errors");
        assertThat(backup.text("consistency")).isEqualTo("APPLICATION_CONSISTENT");
        assertThat(backup.text("position")).matches("[0-9A-F]+/[0-9A-F]+");
        isDuration(backup, "freezeSeconds");
        isDuration(backup, "addedSeconds");
        assertThat(backup.values()).containsKeys("dirtyBuffers", "attempts");
        assertThat(shell.run("app", "backup", database.address()).endsWith(0).out())
                .contains("APPLICATION_CONSISTENT at ", "; frozen 0.");

        Path target = Files.createDirectory(database.folder.resolve("restored"));
        JsonValue.Members restored = shell.json(
                "app",
                "restore",
                database.address(),
                "--snapshot",
                backup.text("snapshot"),
                "--target",
                target.toString());
        hasFields(restored, "files", "bytes", "seconds", "failures", "checks");
        JsonValue.Members recovery = restored.members("recovery");
        assertThat(recovery.values().keySet()).containsExactly("reachedTime", "reachedLsn", "seconds");
        isDuration(recovery, "seconds");
        assertThat(recovery.text("reachedLsn")).matches("[0-9A-F]+/[0-9A-F]+");
    }

    @Test
    void aRestoreForPeopleListsItsChecks() {
        shell.run("app", "backup", database.address()).endsWith(0);
        Path target = database.folder.resolve("restored-too");

        assertThat(shell.run("app", "restore", database.address(), "--target", target.toString())
                        .endsWith(0)
                        .out())
                .contains("restored ", "recovered to ", "ok    ")
                .doesNotContain("WRONG");
    }

    @Test
    void aTablespaceGoesWhereTheMapSays() throws IOException {
        Path old = Files.createDirectory(database.folder.resolve("fast disk"));
        Files.setAttribute(old, "unix:uid", Files.getAttribute(database.data(), "unix:uid"));
        Files.setAttribute(old, "unix:gid", Files.getAttribute(database.data(), "unix:gid"));
        Path moved = database.folder.resolve("another disk");
        Path target = database.folder.resolve("restored-elsewhere");
        database.ask("CREATE TABLESPACE fast LOCATION '" + old + "'");
        database.ask("CREATE TABLE elsewhere TABLESPACE fast AS SELECT n AS id FROM generate_series(1, 5000) AS n");
        try {
            String file = database.ask("SELECT regexp_replace(pg_relation_filepath('elsewhere'), '.*/(PG_.*)', '\\1')");
            shell.run("app", "backup", database.address()).endsWith(0);

            shell.run(
                            "app",
                            "restore",
                            database.address(),
                            "--target",
                            target.toString(),
                            "--tablespace-map",
                            "/no=/where")
                    .endsWith(2)
                    .saysWhatIsWrong("moved");
            shell.run(
                            "app",
                            "restore",
                            database.address(),
                            "--target",
                            target.toString(),
                            "--tablespace-map",
                            old + "=" + moved)
                    .endsWith(0);

            assertThat(moved.resolve(file)).isRegularFile().hasSize(Files.size(old.resolve(file)));
            assertThat(target.resolve(old.toString().substring(1)).resolve(file))
                    .doesNotExist();
            Path links = target.resolve(database.data().toString().substring(1)).resolve("pg_tblspc");
            try (var entries = Files.list(links)) {
                assertThat(entries)
                        .singleElement()
                        .satisfies(
                                link -> assertThat(Files.readSymbolicLink(link)).isEqualTo(moved));
            }
        } finally {
            database.ask("DROP TABLE elsewhere");
            database.ask("DROP TABLESPACE fast");
        }
    }

    @Test
    void anApplicationIsNotStartedFromDamageAndThatEndsWithFive() {
        var shell = new Shell(folder.resolve("damaged")).initialised();
        shell.run("app", "backup", database.address()).endsWith(0);
        shell.damagePacks();

        Shell.Ran ran = shell.run(
                        "app",
                        "restore",
                        database.address(),
                        "--target",
                        database.folder.resolve("damaged").toString(),
                        "--json")
                .endsWith(5);

        assertThat(ran.error()).isEqualTo("RESTORED_CONTENT_WRONG");
    }

    @Test
    void aDryRunSaysThePhasesAndMakesNoRestorePoint() {
        var shell = new Shell(folder.resolve("dry")).initialised();

        JsonValue.Members json = shell.json("app", "backup", database.address(), "--dry-run");

        assertThat(Shell.first(json, "phases").values().keySet()).containsExactly("name", "budgetSeconds");
        hasFields(json, "phases", "checks", "longestSeconds", "limitSeconds");
        assertThat(shell.run("app", "backup", database.address(), "--dry-run")
                        .endsWith(0)
                        .out())
                .contains("discover, at most ", "copy\n", "ok    wal_level");
        assertThat(shell.json("snapshots").items("snapshots")).isEmpty();
        String weak = database.address("weak", "weak");
        assertThat(shell.run("app", "backup", weak, "--dry-run", "--json")
                        .endsWith(6)
                        .error())
                .isEqualTo("APPLICATION_NOT_READY");
    }

    @Test
    void aGroupIsBackedUpAtOnePointAndSaysEachMember() throws IOException {
        var shell = new Shell(folder.resolve("group")).initialised();
        Path documents = Files.createDirectories(folder.resolve("documents"));
        Files.writeString(documents.resolve("letter"), "text");
        Path file = Files.writeString(folder.resolve("group.yaml"), """
            applications:
              letters: {url: "directory://%s", options: {allowFileLevel: "true"}}
              more: {url: "directory://%s", options: {allowFileLevel: "true"}}
            groups:
              ward: {members: [letters, more], deadline: 10 s}
            """.formatted(documents, folder.resolve("group")));

        JsonValue.Members json = shell.json("app", "backup", "--group", "ward", "--config", file.toString());

        hasFields(json, "group", "state", "members", "skewSeconds");
        assertThat(json.items("members")).hasSize(2);
        hasFields(Shell.first(json, "members"), "application", "snapshot", "files", "bytes", "consistency", "position");
        assertThat(shell.run("app", "backup", "--group", "ward", "--config", file.toString())
                        .endsWith(0)
                        .out())
                .contains("letters: restore point ", "marks within 0.");
        shell.run("app", "backup", "--group", "none", "--config", file.toString())
                .endsWith(2)
                .saysWhatIsWrong("groups are configured");
        shell.run("app", "backup", "--group", "ward", "--dry-run", "--config", file.toString())
                .endsWith(2)
                .saysWhatIsWrong("--dry-run");
        shell.run("app", "backup").endsWith(2).saysWhatIsWrong("APP");
    }
}
