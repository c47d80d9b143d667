package org.medbackup.linux.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;
import org.medbackup.testkit.LoopDisk;

/** Freezing real file systems, and copies that share their blocks. */
class FileSystemFreezeTest {

    @TempDir
    static Path temp;

    private static LoopDisk ext4;
    private static LoopDisk xfs;
    private static FileSystemSnapshots snapshots;

    @BeforeAll
    static void mount() {
        ext4 = LoopDisk.mounted(temp.resolve("ext4"), "ext4", 16);
        xfs = LoopDisk.mounted(temp.resolve("xfs"), "xfs", 300);
        snapshots = LinuxSnapshots.of(Processes.system(), temp.resolve("state"));
    }

    @AfterAll
    static void unmount() {
        Stream.of(ext4, xfs).filter(Objects::nonNull).forEach(LoopDisk::close);
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
    }

    private static CompletableFuture<Void> writing(Path file) {
        return CompletableFuture.runAsync(() -> {
            try {
                Files.writeString(file, "written");
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
    }

    @Test
    void aWriterWaitsWhileItIsFrozenAndGoesOnAfterwards() throws Exception {
        List<Path> folders = List.of(ext4.place(), xfs.place());
        assertThat(snapshots.freezeObstacle(folders)).isEmpty();
        assertThat(snapshots.isFrozen(folders)).isFalse();
        CompletableFuture<Void> writer;

        snapshots.freeze(folders, soon());
        try {
            writer = writing(ext4.place().resolve("waits"));
            assertThatThrownBy(() -> writer.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(snapshots.isFrozen(folders)).isTrue();
        } finally {
            snapshots.thaw(folders, soon());
        }

        writer.get(20, TimeUnit.SECONDS);
        assertThat(ext4.place().resolve("waits")).hasContent("written");
        assertThat(snapshots.isFrozen(folders)).isFalse();
        snapshots.thaw(folders, soon());
    }

    @Test
    void anotherInstanceThawsWhatACrashLeftFrozen() throws Exception {
        snapshots.freeze(List.of(ext4.place()), soon());

        LinuxSnapshots.of(Processes.system(), temp.resolve("state")).thaw(List.of(ext4.place()), soon());

        writing(ext4.place().resolve("again")).get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatSomebodyElseHasFrozenIsLeftToThemAndNothingElseStaysFrozen() throws Exception {
        Processes.system().run(Command.of("fsfreeze", "-f", xfs.place().toString()));
        try {
            assertThatThrownBy(() -> snapshots.freeze(List.of(ext4.place(), xfs.place()), soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
            assertThat(snapshots.isFrozen(List.of(ext4.place()))).isFalse();
            assertThat(snapshots.isFrozen(List.of(xfs.place()))).isTrue();
        } finally {
            Processes.system().run(Command.of("fsfreeze", "-u", xfs.place().toString()));
        }
    }

    @Test
    void whatWouldStopTheOneWhoThawsIsNeverFrozen() throws IOException {
        assertThat(snapshots.freezeObstacle(List.of(Path.of("/etc")))).contains("root");
        assertThat(snapshots.freezeObstacle(List.of(Path.of("/proc/self")))).contains("kind proc");
        assertThatThrownBy(() -> snapshots.freeze(List.of(Path.of("/etc")), soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));

        var own = LinuxSnapshots.of(Processes.system(), ext4.place().resolve("state/of/ours"));
        assertThat(own.freezeObstacle(List.of(ext4.place()))).contains("state, journal or log");
    }

    @Test
    void aFileSystemThatThisProcessWritesToIsNeverFrozen() throws IOException {
        try (var log = Files.newOutputStream(xfs.place().resolve("our.log"))) {
            log.write(1);
            assertThat(snapshots.freezeObstacle(List.of(xfs.place()))).contains("state, journal or log");
        }
        try (var read = Files.newInputStream(xfs.place().resolve("our.log"))) {
            assertThat(read.read()).isEqualTo(1);
            assertThat(snapshots.freezeObstacle(List.of(xfs.place()))).isEmpty();
        }
    }

    @Test
    void aFileSystemInMemoryIsNotFrozen() throws IOException {
        Path memory = Files.createDirectories(temp.resolve("memory"));
        Processes.system().run(Command.of("mount", "-t", "tmpfs", "tmpfs", memory.toString()));
        try {
            assertThat(snapshots.freezeObstacle(List.of(memory))).contains("kind tmpfs");
            assertThat(snapshots.share(List.of(memory), "run-1", soon())).isNull();
            assertThat(snapshots.probe(List.of(memory)).why()).contains("tmpfs");
        } finally {
            Processes.system().run(Command.of("umount", memory.toString()));
        }
    }

    @Test
    void aFileSystemThatCannotBeFrozenFailsWithoutAFileName() throws IOException {
        Path memory = Files.createDirectories(temp.resolve("claimed"));
        Processes.system().run(Command.of("mount", "-t", "tmpfs", "tmpfs", memory.toString()));
        Path table = temp.resolve("table");
        Files.writeString(
                table,
                Files.readString(Path.of("/proc/self/mountinfo"))
                        .replaceAll("(?m)^(.* " + memory + " .* - )tmpfs ", "$1ext4 "));
        try {
            var claimed = new LinuxSnapshots(Processes.system(), temp.resolve("state"), table);
            assertThatThrownBy(() -> claimed.freeze(List.of(memory), soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.describe())
                                    .contains("FIFREEZE")
                                    .doesNotContain("claimed"));
        } finally {
            Processes.system().run(Command.of("umount", memory.toString()));
        }
    }

    @Test
    void copiesOnXfsShareTheirBlocksAndKeepWhatTheFilesWere() throws IOException {
        Path folder = Files.createDirectories(xfs.place().resolve("images"));
        Path file = folder.resolve("large");
        Files.write(file, new byte[64 << 20]);
        long free = Files.getFileStore(xfs.place()).getUsableSpace();

        Taken copies = Objects.requireNonNull(snapshots.share(List.of(folder), "app.run-1", soon()));
        assertThat(Files.getFileStore(xfs.place()).getUsableSpace()).isGreaterThan(free - (8 << 20));
        Files.writeString(file, "after");
        assertThat(copies.at(file)).hasSize(64 << 20);
        assertThat(snapshots.probe(List.of(folder)).why()).contains("xfs");
        LostHolders.in(temp.resolve("state"));

        assertThat(snapshots.removeLeftovers(List.of(folder), "app", soon())).isEqualTo(1);
        assertThat(copies.at(file)).doesNotExist();
    }

    @Test
    void whereBlocksAreNotSharedThereAreNoCopies() throws IOException {
        Path folder = Files.createDirectories(ext4.place().resolve("plain"));
        Files.writeString(folder.resolve("f"), "f");
        assertThat(snapshots.share(List.of(folder), "run-1", soon())).isNull();
        Path table = temp.resolve("claims-xfs");
        Files.writeString(
                table,
                Files.readString(Path.of("/proc/self/mountinfo"))
                        .replaceAll("(?m)^(.* " + ext4.place() + " .* - )ext4 ", "$1xfs "));
        var claimed = new LinuxSnapshots(Processes.system(), temp.resolve("state"), table);

        assertThat(claimed.share(List.of(folder), "run-1", soon())).isNull();
        try (Stream<Path> left = Files.list(ext4.place())) {
            assertThat(left).noneMatch(each -> each.toString().contains("copies"));
        }
    }
}
