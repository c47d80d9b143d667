package org.medbackup.linux.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
import org.medbackup.testkit.SnapshotContract;

/** Snapshots on a real Btrfs in a file. */
class BtrfsSnapshotTest implements SnapshotContract {

    @TempDir
    static Path temp;

    private static LoopDisk disk;
    private static Path state;
    private static FileSystemSnapshots snapshots;

    private Path subvolume;

    @BeforeAll
    static void mount() {
        disk = LoopDisk.mounted(temp.resolve("disk"), "btrfs", 128);
        state = temp.resolve("state");
        snapshots = LinuxSnapshots.of(Processes.system(), state);
    }

    @AfterAll
    static void unmount() {
        Stream.of(disk).filter(Objects::nonNull).forEach(LoopDisk::close);
    }

    @BeforeEach
    void makeSubvolume() throws IOException {
        subvolume = disk.place().resolve("sub");
        btrfs("create", subvolume);
        Files.createDirectories(folder());
    }

    @AfterEach
    void deleteSubvolume() throws IOException {
        crash();
        snapshots.removeLeftovers(List.of(folder()), "run-1", soon());
        btrfs("delete", subvolume);
    }

    private static void btrfs(String act, Path path) {
        assertThat(Processes.system().run(Command.of("btrfs", "subvolume", act, path.toString())))
                .satisfies(done -> assertThat(done.exitCode()).as(done.errors()).isZero());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
    }

    @Override
    public FileSystemSnapshots snapshots() {
        return snapshots;
    }

    @Override
    public Path folder() {
        return subvolume.resolve("srv/documents");
    }

    @Override
    public void crash() {
        LostHolders.in(state);
    }

    @Override
    public String kind() {
        return "btrfs";
    }

    @Test
    void aSnapshotCannotBeWrittenTo() {
        try (Taken taken = snapshots.take(List.of(folder()), "run-1", soon())) {
            assertThatThrownBy(() -> Files.writeString(taken.at(folder()).resolve("x"), "x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Read-only");
        }
    }

    @Test
    void foldersOfOneSubvolumeAreOfOneInstantAndThoseOfTwoAreNot() throws IOException {
        Path other = Files.createDirectories(subvolume.resolve("other"));
        assertThat(snapshots.probe(List.of(folder(), other)).atomic()).isTrue();

        Path second = disk.place().resolve("second");
        btrfs("create", second);
        Files.writeString(second.resolve("f"), "before");
        assertThat(snapshots.probe(List.of(folder(), second)).atomic()).isFalse();
        try (Taken taken = snapshots.take(List.of(folder(), second), "run-1", soon())) {
            Files.writeString(second.resolve("f"), "after");
            assertThat(taken.at(second).resolve("f")).hasContent("before");
        }
        btrfs("delete", second);
    }

    @Test
    void aNestedSubvolumeWouldBeMissingSoItHasToBeNamedToo() throws IOException {
        Path nested = folder().resolve("nested");
        btrfs("create", nested);
        Files.writeString(nested.resolve("f"), "before");

        assertThat(snapshots.probe(List.of(folder())).why()).startsWith("1 other subvolumes");
        assertThatThrownBy(() -> snapshots.take(List.of(folder()), "run-1", soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY));
        try (Taken taken = snapshots.take(List.of(folder(), nested), "run-1", soon())) {
            assertThat(taken.at(nested.resolve("f"))).hasContent("before");
        }
        btrfs("delete", nested);
    }

    @Test
    void whatLiesOnAFolderOfWhichTheSubvolumesRootIsNotMountedHasNoSnapshot() throws IOException {
        Path bound = Files.createDirectories(temp.resolve("bound"));
        Processes.system().run(Command.of("mount", "--bind", folder().toString(), bound.toString()));
        try {
            assertThat(snapshots.probe(List.of(bound)).why()).contains("not mounted");
        } finally {
            Processes.system().run(Command.of("umount", bound.toString()));
        }
    }

    @Test
    void anotherFileSystemBelowTheFolderWouldBeMissing() throws IOException {
        Path below = Files.createDirectories(folder().resolve("a folder"));
        Processes.system().run(Command.of("mount", "-t", "tmpfs", "tmpfs", below.toString()));
        try {
            assertThat(snapshots.probe(List.of(folder())).why()).startsWith("1 other file systems");
            assertThat(snapshots.probe(List.of(folder(), below)).why()).contains("tmpfs");
        } finally {
            Processes.system().run(Command.of("umount", below.toString()));
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamedToTheCallerAlone() {
        assertThatThrownBy(() -> snapshots.probe(List.of(Path.of("/no/such/folder"))))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.describe()).doesNotContain("/no/such");
                    assertThat(failure.toCaller()).contains("/no/such/folder");
                });
    }

    @Test
    void whereTheNameIsTakenNothingIsLeftOfTheAttempt() throws IOException {
        Path taken = Files.createDirectories(subvolume.resolve(".snapshot-medbackup-run-1"));

        assertThatThrownBy(() -> snapshots.take(List.of(folder()), "run-1", soon()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SYSTEM_CALL_FAILED));
        Files.delete(taken);
        snapshots.take(List.of(folder()), "run-1", soon()).close();
    }

    @Test
    void copiesThatShareTheirBlocksStandInWhereASubvolumeCannotBeSnapshot() throws IOException {
        Files.writeString(folder().resolve("f"), "before");
        try (Taken copies = Objects.requireNonNull(snapshots.share(List.of(folder()), "run-1", soon()))) {
            Files.writeString(folder().resolve("f"), "after");
            assertThat(copies.kind()).isEqualTo("reflink");
            assertThat(copies.at(folder().resolve("f"))).hasContent("before");
        }
    }
}
