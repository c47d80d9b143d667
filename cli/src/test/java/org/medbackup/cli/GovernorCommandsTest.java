package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.JsonValue;

/** Limits of commands, and of commands that run already. */
@Timeout(120)
class GovernorCommandsTest {

    // Short: the name of a socket has room for a hundred bytes.
    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    Path temp;

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private Shell shell = new Shell(Path.of("unused"));

    @BeforeEach
    void fill() {
        shell = new Shell(temp).filled();
        Shell.write(temp.resolve("papers/letter.txt"), "Dear colleague ".repeat(20_000));
    }

    @AfterEach
    void end() {
        other.shutdownNow();
    }

    private Future<Shell.Ran> startBackup(String limit) {
        return other.submit(() -> shell.run("backup", temp.resolve("papers").toString(), "--limit", limit, "--json"));
    }

    private JsonValue.Members awaitResource(String name) throws InterruptedException {
        while (true) {
            for (JsonValue item : shell.json("governor", "status").items("resources")) {
                if (item instanceof JsonValue.Members resource
                        && resource.text("name").equals(name)
                        && resource.find("limitedBy").orElse(null) instanceof JsonValue.Text) {
                    return resource;
                }
            }
            Thread.sleep(20);
        }
    }

    @Test
    void statusNamesTheRuleThatLimitsAndSetReachesARunningBackupInUnderTwoSeconds() throws Exception {
        Future<Shell.Ran> backup = startBackup("disk.read=pause");

        JsonValue.Members resource = awaitResource("disk.read");
        assertThat(resource.values().keySet()).contains("name", "limit", "usage", "limitedBy");
        assertThat(resource.text("limitedBy")).isEqualTo("job");
        assertThat(resource.whole("limit")).isZero();
        assertThat(backup).isNotDone();
        assertThat(shell.run("governor", "status").endsWith(0).out())
                .contains("process " + ProcessHandle.current().pid(), "waits for job");

        long begun = TimeSource.system().nanos();
        assertThat(shell.run("governor", "set", "disk.read=400MB/s").endsWith(0).out())
                .contains("limit 400.0 MB/s");
        Shell.Ran ran = backup.get(60, TimeUnit.SECONDS);

        assertThat(TimeSource.system().since(begun)).isLessThan(java.time.Duration.ofSeconds(30));
        assertThat(ran.endsWith(0).json().members("files").whole("new")).isEqualTo(1);
        assertThat(shell.json("governor", "status").items("resources")).isEmpty();
    }

    @Test
    void aWindowOfTheFileStopsABackupIsNamedByStatusAndAnotherFileLetsItGoOn() throws Exception {
        String papers = temp.resolve("papers").toString();
        shell.run("backup", papers).endsWith(0);
        Shell.write(temp.resolve("papers/second.txt"), "Dear colleague");
        Path file = temp.resolve("governor.yaml");
        Shell.write(file, """
            governor:
              windows:
                - {name: blackout, from: "00:00", to: "24:00", limits: {all: pause}}
            """);
        Future<Shell.Ran> backup =
                other.submit(() -> shell.run("backup", papers, "--config", file.toString(), "--json"));

        JsonValue.Members resource = awaitResource("disk.read");
        assertThat(resource.text("limitedBy")).isEqualTo("window blackout");
        assertThat(resource.whole("limit")).isZero();
        assertThat(shell.run("governor", "set", "disk.read=9MB/s").endsWith(0).out())
                .contains("disk.read 0.0 MB/s, limit 0.0 MB/s");
        // In this test it has the number of the backup, and with it the socket.
        shell.run(
                        "restore",
                        "latest:" + papers,
                        "--config",
                        file.toString(),
                        "--target",
                        temp.resolve("out").toString())
                .endsWith(0);
        assertThat(backup).isNotDone();
        Shell.write(file, "governor: {limits: {disk.read: 400MB/s}}\n");

        assertThat(backup.get(60, TimeUnit.SECONDS)
                        .endsWith(0)
                        .json()
                        .members("files")
                        .whole("new"))
                .isEqualTo(1);
        assertThat(temp.resolve("out/letter.txt")).exists();
    }

    @Test
    void commandsWithoutALimitOfTheirOwnKeepToThoseOfTheFile() throws Exception {
        shell.run("backup", temp.resolve("papers").toString()).endsWith(0);
        Path file = temp.resolve("governor.yaml");
        Shell.write(file, "governor: {limits: {all: pause}}\n");
        Future<Shell.Ran> forget =
                other.submit(() -> shell.run("forget", "--keep-last", "1", "--config", file.toString()));

        assertThat(awaitResource("disk.read").text("limitedBy")).isEqualTo("configuration");
        assertThat(forget).isNotDone();
        Shell.write(file, "governor: {limits: {disk.read: 400MB/s}}\n");

        forget.get(60, TimeUnit.SECONDS).endsWith(0);
        try (var files = Files.list(temp.resolve("state").resolve("run"))) {
            assertThat(files).noneMatch(each -> each.toString().endsWith(".sock"));
        }
        Shell.write(file, "governor: {limits: {disk.raed: 40MB/s}}\n");
        shell.run("forget", "--keep-last", "1", "--config", file.toString())
                .endsWith(2)
                .saysWhatIsWrong("governor.limits.disk.raed");
    }

    @Test
    void aLimitOnOperationsIsNamedAsItIsWritten() throws Exception {
        Future<Shell.Ran> backup = startBackup("disk.read=pause");
        awaitResource("disk.read");
        shell.run("governor", "set", "disk.read=none", "disk.read.iops=pause").endsWith(0);

        assertThat(awaitResource("disk.read.iops").text("limitedBy")).isEqualTo("limit");
        assertThat(awaitResource("disk.read").text("limitedBy")).isEqualTo("disk.read.iops");
        assertThat(shell.run("governor", "status").endsWith(0).out())
                .contains("waits for disk.read.iops", " operations/s, limit 0 operations/s, waits for limit");
        shell.run("governor", "set", "disk.read.iops=none").endsWith(0);
        backup.get(60, TimeUnit.SECONDS).endsWith(0);
    }

    @Test
    void whatRunsIsCancelledAndNothingIsLeftOpen() throws Exception {
        Future<Shell.Ran> backup = startBackup("disk.read=pause");
        awaitResource("disk.read");

        try (var product = org.medbackup.service.MedBackup.open(org.medbackup.service.Settings.of(
                temp.resolve("state"), new org.medbackup.core.event.Actor("root", "host", "", "")))) {
            product.running().cancel(ProcessHandle.current().pid());
        }

        assertThat(backup.get(60, TimeUnit.SECONDS).endsWith(130).error()).isEqualTo("CANCELLED");
        try (var files = Files.list(temp.resolve("state").resolve("run"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whereNothingRunsStatusIsEmptyAndSetSaysSo() {
        assertThat(shell.run("governor", "status").endsWith(0).out()).contains("nothing runs");
        shell.run("governor", "set", "cpu=1").endsWith(2).saysWhatIsWrong("No command runs");
    }

    @Test
    void whatIsNoLimitIsRefusedBeforeAnythingIsDone() {
        String papers = temp.resolve("papers").toString();
        shell.run("backup", papers, "--limit", "disk.read=fast").endsWith(2).saysWhatIsWrong("disk.read=fast");
        shell.run("backup", papers, "--limit", "tape=1MB/s").endsWith(2).saysWhatIsWrong("tape");
        shell.run("restore", "latest", "--target", temp.resolve("x").toString(), "--limit", "cpu")
                .endsWith(2)
                .saysWhatIsWrong("RESOURCE=LIMIT");
        shell.run("governor", "set", "cpu=half").endsWith(2).saysWhatIsWrong("cpu=half");
        shell.run("governor").endsWith(2).saysWhatIsWrong("status, set");
    }

    @Test
    void aRestoreKeepsToItsLimit() {
        shell.run("backup", temp.resolve("papers").toString(), "--limit", "cpu=2", "--limit", "network.egress=1MB/s")
                .endsWith(0);
        long begun = TimeSource.system().nanos();
        shell.run(
                        "restore",
                        "latest:" + temp.resolve("papers"),
                        "--target",
                        temp.resolve("out").toString(),
                        "--limit",
                        "disk.write=100kB/s")
                .endsWith(0);

        // 300 kB at 100 kB a second.
        assertThat(TimeSource.system().since(begun)).isGreaterThan(java.time.Duration.ofMillis(1900));
        assertThat(temp.resolve("out/letter.txt")).hasSameBinaryContentAs(temp.resolve("papers/letter.txt"));
    }
}
