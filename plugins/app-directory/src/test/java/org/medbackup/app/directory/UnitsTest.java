package org.medbackup.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.Phase;
import org.medbackup.apps.PhaseBudgets;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.testkit.FakeDatasets;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.FakeSystemd;
import org.medbackup.testkit.ReadCopies;

/** A service whose units stand still while its folders are snapshot. */
class UnitsTest {

    @TempDir
    Path temp;

    private FakePrograms programs;
    private FakeSystemd systemd;
    private Path folder;
    private FileSystemSnapshots snapshots;
    private Connection connection;

    @BeforeEach
    void makeService() throws IOException {
        Path bin = temp.resolve("bin");
        programs = new FakePrograms(bin);
        systemd = new FakeSystemd(bin, programs);
        systemd.set("web.service", "active");
        systemd.set("archive.service", "active");
        systemd.set("index.service", "inactive");
        Path table = temp.resolve("mountinfo");
        new FakeDatasets(bin, programs).add("tank/data", temp.resolve("data"), table);
        snapshots = new LinuxSnapshots(programs, temp.resolve("state"), table);
        folder = Files.createDirectories(temp.resolve("data/documents"));
        Files.writeString(folder.resolve("f"), "before");
        connection = Connection.to(URI.create("directory://" + folder))
                .with("units", "web.service index.service archive.service")
                .with("unitMemory", temp.resolve("memory").toString());
    }

    private Application open() {
        return new DirectoryProvider().open(connection, new Outside(TimeSource.system(), programs, snapshots));
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    private static ConsistentBackup backup() {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent());
    }

    private static void assertFails(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void theActiveUnitsStandStillForTheSnapshotAndTheOthersStayAsTheyWere() {
        var copies = new ReadCopies();
        try (Application application = open()) {
            var run = backup().run(application, "run-1", copies);

            assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
            assertThat(run.consistency().evidence()).containsEntry("service.copy", "zfs");
            assertThat(copies.files()).isEqualTo(Map.of(folder + "/f", "before"));
        }
        List<String> acts = programs.calls("systemctl").stream()
                .filter(call -> call.startsWith("st"))
                .toList();
        assertThat(acts)
                .containsExactly(
                        "stop -- web.service",
                        "stop -- archive.service",
                        "start -- archive.service",
                        "start -- web.service");
        assertThat(systemd.state("index.service")).isEqualTo("inactive");
        assertThat(temp.resolve("memory")).isEmptyDirectory();
    }

    @Test
    void anotherProcessStartsWhatADeadOneHadStopped() {
        Application dies = open();
        dies.prepare("run-1", soon());
        dies.freeze(soon());
        assertThat(systemd.state("web.service")).isEqualTo("inactive");

        try (Application watchdog = open()) {
            watchdog.thaw(soon());
            watchdog.thaw(soon());
        }

        assertThat(systemd.state("web.service")).isEqualTo("active");
        assertThat(systemd.state("archive.service")).isEqualTo("active");
        assertThat(systemd.state("index.service")).isEqualTo("inactive");
        dies.close();
    }

    @Test
    void theNextRunStartsWhatTheLastOneHadStoppedBeforeItDied() {
        Application dies = open();
        dies.freeze(soon());
        try (Application next = open()) {
            backup().run(next, "run-2", new ReadCopies());
        }
        assertThat(systemd.state("web.service")).isEqualTo("active");
        dies.close();
    }

    @Test
    void aUnitThatDoesNotStopEndsTheBackupAndTheOthersAreStartedAgain() {
        systemd.fail("archive.service", "stop");
        try (Application application = open()) {
            assertFails(() -> backup().run(application, "run-1", new ReadCopies()), ErrorCode.APPLICATION_FAILED);
        }
        assertThat(systemd.state("web.service")).isEqualTo("active");
    }

    @Test
    void aUnitThatHangsIsNotWaitedForLongerThanItsBudget() {
        systemd.hang("archive.service", "stop");
        PhaseBudgets budgets = PhaseBudgets.defaults().with(Phase.FREEZE, Duration.ofMillis(1500));
        try (Application application = open()) {
            assertFails(
                    () -> backup().with(budgets).run(application, "run-1", new ReadCopies()),
                    ErrorCode.BUDGET_EXCEEDED);
        }
        assertThat(systemd.state("web.service")).isEqualTo("active");
    }

    @Test
    void aUnitThatDoesNotComeUpAgainIsReportedUntilItDoes() {
        systemd.die("web.service");
        try (Application application = open()) {
            application.freeze(soon());
            assertFails(() -> application.thaw(soon()), ErrorCode.APPLICATION_FAILED);
            systemd.heal();
            application.thaw(soon());
        }
        assertThat(systemd.state("web.service")).isEqualTo("active");
    }

    @Test
    void aUnitThatSomebodyStartsMeanwhileMakesTheSnapshotWorthless() {
        try (Application application = open()) {
            application.prepare("run-1", soon());
            application.freeze(soon());
            systemd.set("web.service", "active");

            assertFails(() -> application.mark(soon()), ErrorCode.FREEZE_LOST);
            application.thaw(soon());
            application.after(Outcome.FAILURE, soon());
        }
    }

    @Test
    void aUnitThatIsNotThereIsFoundBefore() {
        connection = connection.with("units", "web.service nowhere.service");
        try (Application application = open()) {
            assertThat(application.check(soon()))
                    .filteredOn(check -> !check.ok())
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.name()).isEqualTo("units");
                        assertThat(check.message()).contains("nowhere.service");
                        assertThat(check.remedy()).contains("systemctl list-units");
                    });
        }
    }

    @Test
    void unitsThatAreToldToReloadAreNeverStoppedAndPromiseLess() {
        connection = connection.with("unitAction", "reload");
        try (Application application = open()) {
            var run = backup().run(application, "run-1", new ReadCopies());
            assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
            assertThat(run.frozen()).isZero();
        }
        assertThat(programs.calls("systemctl"))
                .contains("reload -- web.service")
                .noneMatch(call -> call.startsWith("stop"));
    }

    @Test
    void aMemoryThatCannotBeWrittenStopsNothing() throws IOException {
        Files.writeString(temp.resolve("memory"), "a file where a folder is wanted");
        try (Application application = open()) {
            assertFails(() -> application.freeze(soon()), ErrorCode.STATE_UNUSABLE);
        }
        assertThat(systemd.state("web.service")).isEqualTo("active");
        Files.delete(temp.resolve("memory"));
        assertThat(Files.createDirectories(temp.resolve("memory"))).isEmptyDirectory();
    }

    @Test
    void everyCheckOfAReadyServiceIsMet() {
        try (Application application = open()) {
            assertThat(application.check(soon())).extracting(Readiness::name).contains("folders", "snapshot", "units");
        }
    }
}
