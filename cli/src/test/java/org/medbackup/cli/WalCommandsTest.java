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

class WalCommandsTest {

    @TempDir
    static Path folder;

    private static Database database;
    private static Shell shell;

    @BeforeAll
    static void startServer() {
        database = new Database();
        shell = new Shell(folder).initialised();
    }

    @AfterAll
    static void stopServer() {
        database.close();
    }

    @Test
    void receivingTellsHowFarItIsAndACheckNamesAGapWithFive() throws IOException {
        String end = database.ask("SELECT pg_current_wal_lsn()");

        JsonValue.Members received =
                shell.json("wal", "receive", database.address(), "--until-lsn", end, "--for", "60", "--segments", "2");

        hasFields(received, "received", "stored", "files");
        isDuration(received.members("lag"), "seconds");
        assertThat(received.text("received")).matches("[0-9A-F]+/[0-9A-F]+");
        JsonValue.Members check = shell.json("wal", "check", database.address());
        assertThat(check.items("gaps")).isEmpty();
        assertThat(shell.run("wal", "check", database.address()).endsWith(0).out())
                .contains("no gap");
        shell.run("wal", "receive", database.address(), "--until-lsn", end, "--verbose")
                .endsWith(0);

        gap();
    }

    private void gap() throws IOException {
        var other = new Shell(folder.resolve("gap")).initialised();
        Path log = Files.createDirectories(folder.resolve("data/pg_wal"));
        for (int i = 0; i < 3; i++) {
            database.ask("SELECT pg_create_restore_point('one')");
            String name = database.ask("SELECT pg_walfile_name(pg_switch_wal())");
            Path file = Files.copy(database.data().resolve("pg_wal").resolve(name), log.resolve(name));
            if (i != 1) {
                JsonValue.Members pushed = other.json("wal", "push", database.address(), file.toString());
                assertThat(pushed.text("file")).isEqualTo(name);
            }
        }
        Shell.Ran ran = other.run("wal", "check", database.address(), "--json").endsWith(5);
        assertThat(ran.error()).isEqualTo("LOG_INCOMPLETE");
        hasFields(Shell.first(ran.json(), "gaps"), "from", "to", "why");
        assertThat(other.run("wal", "check", database.address()).endsWith(5).out())
                .contains("MISSING 0000000");
    }

    @Test
    void aFileIsPushedAndFetchedAndOneThatIsAbsentEndsWithOne() throws IOException {
        String name = database.ask("SELECT pg_walfile_name(pg_switch_wal())");
        Path file = Files.createDirectories(folder.resolve("push/pg_wal")).resolve(name);
        Files.copy(database.data().resolve("pg_wal").resolve(name), file);
        shell.run("wal", "push", database.address(), file.toString()).endsWith(0);
        Path back = folder.resolve("back");

        assertThat(shell.json("wal", "fetch", database.address(), name, back.toString())
                        .text("file"))
                .isEqualTo(name);
        assertThat(back).hasSameBinaryContentAs(file);
        Shell.Ran absent = shell.run("wal", "fetch", database.address(), "00000009.history", folder + "/none", "--json")
                .endsWith(1);
        assertThat(absent.error()).isEqualTo("LOG_FILE_ABSENT");
    }

    @Test
    void whereTheArchiveCannotBeAskedARecoveryStopsInsteadOfTakingItForTheEnd() throws IOException {
        var gone = new Shell(folder.resolve("gone")).initialised();
        String[] fetch = {"wal", "fetch", database.address(), "000000010000000000000001", folder + "/nothing"};
        gone.run(fetch).endsWith(1);
        Path repository = gone.repository();
        // As a share that is not mounted.
        Path elsewhere = Files.move(repository, folder.resolve("elsewhere"));
        gone.run(fetch).endsWith(126).saysWhatIsWrong("no repository");

        Files.move(elsewhere, repository);
        gone.run(fetch).endsWith(1);
        gone.password("another");
        gone.run(fetch).endsWith(126);
    }

    @Test
    void targetsOfARecoveryExcludeEachOtherAndTimesHaveAZone() {
        String target = folder.resolve("never").toString();

        shell.run("app", "restore", database.address(), "--target", target, "--to-lsn", "0/1", "--to-name", "n")
                .endsWith(2)
                .saysWhatIsWrong("exclude");
        shell.run("app", "restore", database.address(), "--target", target, "--to-time", "yesterday")
                .endsWith(2)
                .saysWhatIsWrong("zone");
        shell.run("app", "restore", database.address(), "--target", target, "--to-time", "2020-01-01T00:00:00Z")
                .endsWith(5)
                .saysWhatIsWrong("No backup and log");
        shell.run("app", "restore", database.address(), "--target", target, "--to-newest")
                .endsWith(5);
        shell.run("app", "restore", database.address(), "--target", target, "--timeline", "3")
                .endsWith(5);
        shell.run("wal").endsWith(2).saysWhatIsWrong("receive, push, fetch, check");
        assertThat(Path.of(target)).doesNotExist();
    }
}
