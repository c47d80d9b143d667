package org.medbackup.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.linux.snapshot.LinuxSnapshots;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.FakeVolumes;
import org.medbackup.testkit.LoopDisk;
import org.medbackup.testkit.ReadCopies;

/** Services by their folders, on real file systems. */
class FoldersTest {

    @TempDir
    static Path disks;

    @TempDir
    Path temp;

    private static LoopDisk btrfs;
    private static LoopDisk xfs;
    private static LoopDisk ext4;
    private static LoopDisk log;

    @BeforeAll
    static void mount() throws IOException {
        btrfs = LoopDisk.mounted(disks.resolve("btrfs"), "btrfs", 128);
        xfs = LoopDisk.mounted(disks.resolve("xfs"), "xfs", 300);
        ext4 = LoopDisk.mounted(disks.resolve("ext4"), "ext4", 16);
        log = LoopDisk.mounted(disks.resolve("log"), "ext4", 16);
        for (LoopDisk disk : List.of(btrfs, xfs, ext4, log)) {
            Files.createDirectories(disk.place().resolve("documents"));
        }
    }

    @AfterAll
    static void unmount() {
        Stream.of(btrfs, xfs, ext4, log).filter(Objects::nonNull).forEach(LoopDisk::close);
    }

    private static Connection to(Path folder) {
        return Connection.to(URI.create("directory://" + folder));
    }

    private FileSystemSnapshots real() {
        return LinuxSnapshots.of(Processes.system(), temp.resolve("state"));
    }

    private static Application open(Connection connection, Processes processes, FileSystemSnapshots snapshots) {
        return new DirectoryProvider().open(connection, new Outside(TimeSource.system(), processes, snapshots));
    }

    private static ApplicationRun backup(Application application, ReadCopies copies) {
        try (application) {
            return ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .run(application, "5f1c-run", copies);
        }
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    @Test
    void foldersOnBtrfsAreReadFromASnapshotWhichIsGoneAfterwards() throws IOException {
        Path folder = btrfs.place().resolve("documents");
        Files.writeString(folder.resolve("f"), "text");
        var copies = new ReadCopies();

        ApplicationRun run = backup(open(to(folder), Processes.system(), real()), copies);

        assertThat(copies.files()).isEqualTo(Map.of(folder + "/f", "text"));
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
        assertThat(run.frozen()).isZero();
        try (Stream<Path> left = Files.list(btrfs.place())) {
            assertThat(left).containsExactly(folder);
        }
    }

    @Test
    void aServiceThatWritesEveryFileWholeIsConsistentAtAnyInstant() {
        Connection connection = to(btrfs.place().resolve("documents")).with("consistentAtAnyInstant", "true");
        ApplicationRun run = backup(open(connection, Processes.system(), real()), new ReadCopies());
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
    }

    @Test
    void copiesThatShareTheirBlocksAreDeclaredFileLevel() throws IOException {
        Path folder = xfs.place().resolve("documents");
        Files.writeString(folder.resolve("f"), "text");
        var copies = new ReadCopies();
        ApplicationRun run =
                backup(open(to(folder).with("allowFileLevel", "true"), Processes.system(), real()), copies);

        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.FILE_LEVEL);
        assertThat(run.consistency().evidence()).containsEntry("service.copy", "reflink");
        assertThat(copies.files()).isEqualTo(Map.of(folder + "/f", "text"));
        try (Stream<Path> left = Files.list(xfs.place())) {
            assertThat(left).containsExactly(folder);
        }
    }

    @Test
    void withoutAnySnapshotTheServiceIsNotReadyUnlessFilesAreAllowed() throws IOException {
        Path folder = ext4.place().resolve("documents");
        Files.writeString(folder.resolve("f"), "text");
        try (Application application = open(to(folder), Processes.system(), real())) {
            assertThat(application.check(soon()))
                    .filteredOn(check -> !check.ok())
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.name()).isEqualTo("snapshot");
                        assertThat(check.remedy()).contains("allowFileLevel");
                    });
            application.prepare("run", soon());
            assertThatThrownBy(() -> application.mark(soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
        }
        var copies = new ReadCopies();
        ApplicationRun run =
                backup(open(to(folder).with("allowFileLevel", "true"), Processes.system(), real()), copies);
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.FILE_LEVEL);
        assertThat(run.consistency().evidence()).containsEntry("service.copy", "plain");
        assertThat(copies.files()).containsKey(folder + "/f");
    }

    private FakeVolumes volumes(boolean both) {
        Path bin = temp.resolve("bin");
        var volumes = new FakeVolumes(bin, new FakePrograms(bin));
        volumes.add(ext4, "data", "");
        if (both) {
            volumes.add(log, "log", "");
        }
        return volumes;
    }

    private FileSystemSnapshots on(FakeVolumes volumes) {
        Path table = volumes.mountInfo(ext4, "data", Path.of("/proc/self/mountinfo"));
        table = volumes.mountInfo(log, "log", table);
        return new LinuxSnapshots(volumes.programs(), temp.resolve("state"), table);
    }

    private static Connection frozen() {
        return to(ext4.place().resolve("documents"))
                .with("folders", log.place().resolve("documents").toString())
                .with("freeze", "fsfreeze");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void twoVolumesAreOfOneInstantWhileTheirFileSystemsStandStill() throws Exception {
        Path data = ext4.place().resolve("documents/order");
        Path journal = log.place().resolve("documents/order");
        write(data, "1");
        write(journal, "1");
        FakeVolumes volumes = volumes(true);
        var copies = new ReadCopies();
        try (Application application = open(frozen(), volumes.programs(), on(volumes))) {
            assertThat(application.check(soon())).allMatch(Application.Readiness::ok);
            application.prepare("run", soon());
            application.freeze(soon());
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                write(journal, "2");
                write(data, "2");
            });
            application.mark(soon());
            assertThat(writer).isNotDone();
            application.thaw(soon());
            writer.get(20, TimeUnit.SECONDS);
            application.copy(copies);
            assertThat(application.verify(soon()).level()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
        }
        assertThat(copies.files()).containsEntry(data.toString(), "1").containsEntry(journal.toString(), "1");
        assertThat(volumes.snapshots()).isZero();
    }

    @Test
    void aKernelThatSnapshotsNothingFrozenEndsTheBackupAndEverythingThaws() {
        FakeVolumes volumes = volumes(true);
        volumes.refuseFrozen();
        FileSystemSnapshots snapshots = on(volumes);
        assertThatThrownBy(() -> backup(open(frozen(), volumes.programs(), snapshots), new ReadCopies()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
        assertThat(snapshots.isFrozen(List.of(ext4.place()))).isFalse();
        assertThat(volumes.snapshots()).isZero();
    }

    @Test
    void aFileSystemThatSomebodyThawsMeanwhileMakesTheSnapshotWorthless() {
        FakeVolumes volumes = volumes(true);
        FileSystemSnapshots snapshots = on(volumes);
        try (Application application = open(frozen(), volumes.programs(), snapshots)) {
            application.prepare("run", soon());
            application.freeze(soon());
            snapshots.thaw(List.of(log.place()), soon());
            assertThatThrownBy(() -> application.mark(soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FREEZE_LOST));
            application.thaw(soon());
        }
    }

    @Test
    void whatSomebodyElseHasFrozenStaysFrozen() {
        FakeVolumes volumes = volumes(true);
        FileSystemSnapshots snapshots = on(volumes);
        List<Path> others = List.of(ext4.place());
        snapshots.freeze(others, soon());
        try (Application application = open(frozen(), volumes.programs(), snapshots)) {
            assertThatThrownBy(() -> application.freeze(soon())).isInstanceOf(BackupException.class);
            application.thaw(soon());
            assertThat(snapshots.isFrozen(others)).isTrue();
        } finally {
            snapshots.thaw(others, soon());
        }
    }

    @Test
    void aFreezeThatWouldBlockTheSnapshotIsRefusedByTheCheck() {
        for (LoopDisk disk : List.of(btrfs, xfs)) {
            Connection connection = to(disk.place().resolve("documents"))
                    .with("freeze", "fsfreeze")
                    .with("allowFileLevel", "true");
            try (Application application = open(connection, Processes.system(), real())) {
                assertThat(application.check(soon()))
                        .filteredOn(check -> !check.ok())
                        .singleElement()
                        .satisfies(check -> assertThat(check.name()).isEqualTo("fsfreeze"));
            }
        }
    }

    @Test
    void aSnapshotThatACrashLeftBehindIsRemovedByTheNextRun() throws IOException {
        Path folder = btrfs.place().resolve("documents");
        Application dies = open(to(folder), Processes.system(), real());
        dies.prepare("run-1", soon());
        dies.mark(soon());
        try (Stream<Path> locks = Files.list(temp.resolve("state"))) {
            for (Path lock : locks.toList()) {
                Files.delete(lock);
            }
        }
        backup(open(to(folder), Processes.system(), real()), new ReadCopies());
        try (Stream<Path> left = Files.list(btrfs.place())) {
            assertThat(left).containsExactly(folder);
        }
    }
}
