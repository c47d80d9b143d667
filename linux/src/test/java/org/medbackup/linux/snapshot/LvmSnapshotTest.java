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
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.FakeVolumes;
import org.medbackup.testkit.LoopDisk;
import org.medbackup.testkit.SnapshotContract;

/** Snapshots of logical volumes, against programs that were written from the manual over real file systems. */
class LvmSnapshotTest implements SnapshotContract {

    @TempDir
    static Path disks;

    @TempDir
    Path temp;

    private static LoopDisk disk;
    private static LoopDisk other;

    private FakeVolumes volumes;
    private Path state;
    private FileSystemSnapshots snapshots;

    @BeforeAll
    static void mount() {
        disk = LoopDisk.mounted(disks.resolve("data"), "ext4", 16);
        other = LoopDisk.mounted(disks.resolve("log"), "xfs", 300);
    }

    @AfterAll
    static void unmount() {
        Stream.of(disk, other).filter(Objects::nonNull).forEach(LoopDisk::close);
    }

    @BeforeEach
    void makeVolumes() throws IOException {
        Path bin = temp.resolve("bin");
        volumes = new FakeVolumes(bin, new FakePrograms(bin));
        volumes.add(disk, "data", "");
        volumes.add(other, "log", "pool");
        Path table = volumes.mountInfo(disk, "data", Path.of("/proc/self/mountinfo"));
        table = volumes.mountInfo(other, "log", table);
        state = temp.resolve("state");
        snapshots = new LinuxSnapshots(volumes.programs(), state, table);
        Files.createDirectories(folder());
    }

    @AfterEach
    void nothingIsLeft() {
        LostHolders.in(state);
        snapshots.removeLeftovers(List.of(folder(), other.place()), "run-1", soon());
        assertThat(volumes.snapshots()).isZero();
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
        return disk.place().resolve("documents");
    }

    @Override
    public void crash() {
        LostHolders.in(state);
    }

    @Override
    public String kind() {
        return "lvm";
    }

    private static void assertFails(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void aThickSnapshotTakesAFifthOfItsVolumeAndIsMountedWithoutRights() {
        try (Taken taken = snapshots.take(List.of(folder()), "run-1", soon())) {
            volumes.programs().assertCalled("lvcreate", "--size " + 16 * 1024 * 1024 / 5 + "b");
            volumes.programs().assertCalled("mount", "-t ext4 -o ro,nosuid,nodev,noexec /dev/vg/medbackup-run-1-0");
            assertThatThrownBy(() -> Files.writeString(taken.at(folder()).resolve("x"), "x"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aThinVolumeWithXfsIsActivatedAndMountedBesideItsTwin() throws IOException {
        Files.writeString(other.place().resolve("f"), "before");
        try (Taken taken = snapshots.take(List.of(other.place()), "run-1", soon())) {
            Files.writeString(other.place().resolve("f"), "after");
            assertThat(taken.at(other.place()).resolve("f")).hasContent("before");
            volumes.programs().assertCalled("lvcreate", "--setactivationskip n vg/log");
            volumes.programs().assertCalled("mount", "nouuid");
        }
    }

    @Test
    void twoVolumesAreNotOfOneInstant() {
        List<Path> both = List.of(folder(), other.place());
        assertThat(snapshots.probe(both).isPossible()).isTrue();
        assertThat(snapshots.probe(both).atomic()).isFalse();
        try (Taken taken = snapshots.take(both, "run-1", soon())) {
            assertThat(taken.at(folder())).exists();
            assertThat(taken.at(other.place())).exists();
        }
    }

    @Test
    void aGroupWithoutRoomIsFoundBeforeTheSnapshotIsTaken() {
        volumes.free(1000);
        assertThat(snapshots.probe(List.of(folder())).why()).contains("vgextend");
        assertFails(() -> snapshots.take(List.of(folder()), "run-1", soon()), ErrorCode.APPLICATION_NOT_READY);
        assertThat(volumes.programs().calls("lvcreate")).isEmpty();
    }

    @Test
    void whatIsNoVolumeOrHasNoProgramsHasNoSnapshot() {
        volumes.programs().script("lvs", "exit 5\n");
        assertThat(snapshots.probe(List.of(folder())).why()).contains("no logical volume");
        volumes.programs().remove("lvs");
        assertThat(snapshots.probe(List.of(folder())).why()).contains("not installed");
        volumes = new FakeVolumes(temp.resolve("bin"), volumes.programs());
    }

    @Test
    void aFailureAfterTheFirstSnapshotLeavesNone() {
        volumes.programs().script("mount", "exit 32\n");
        assertFails(
                () -> snapshots.take(List.of(folder(), other.place()), "run-1", soon()), ErrorCode.APPLICATION_FAILED);
        assertThat(volumes.snapshots()).isZero();
    }

    @Test
    void aProgramThatHangsIsEndedAtTheDeadline() {
        volumes.programs().script("lvcreate", "exec sleep 30\n");
        var late = Deadline.after(TimeSource.system(), Duration.ofMillis(300));
        assertFails(() -> snapshots.take(List.of(folder()), "run-1", late), ErrorCode.BUDGET_EXCEEDED);
    }

    @Test
    void anAnswerOfAnotherFormIsSaid() {
        volumes.answerOddly();
        assertFails(() -> snapshots.take(List.of(folder()), "run-1", soon()), ErrorCode.APPLICATION_FAILED);
        makeAnswersPlain();
    }

    private void makeAnswersPlain() {
        try {
            Files.delete(temp.resolve("bin/lvm/odd"));
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    @Test
    void whatCannotBeRemovedStaysToBeRemoved() {
        Taken taken = snapshots.take(List.of(folder()), "run-1", soon());
        volumes.programs().script("umount", "exit 32\n");
        assertFails(taken::close, ErrorCode.APPLICATION_FAILED);
        volumes.programs().remove("umount");

        taken.close();
        assertThat(volumes.snapshots()).isZero();
    }
}
