package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;

class FdTest {

    @TempDir
    Path temp;

    private Fd folder;

    @BeforeEach
    void openFolder() {
        folder = Fd.CWD.open(bytes(temp.toString()), Fd.READ | Fd.FOLDER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Fd create(String name) {
        return folder.open(bytes(name), Fd.READ_WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0640);
    }

    @Test
    void whatIsWrittenAtAnOffsetIsReadThere() {
        try (Fd file = create("a");
                Arena arena = Arena.ofConfined()) {
            file.write(MemorySegment.ofArray(new byte[0]), 0);
            file.write(arena.allocateFrom("hello"), 100_000);

            MemorySegment read = arena.allocate(64);
            assertThat(file.read(read, 100_000)).isEqualTo(6);
            assertThat(read.getString(0)).isEqualTo("hello");
            assertThat(file.read(read, 200_000)).isZero();
        }
    }

    @Test
    void statusTellsTypePermissionsAndSize() throws Exception {
        try (Fd file = create("a")) {
            file.truncate(12_345);
            FileStatus status = file.status();

            assertThat(status.type()).isEqualTo(FileType.REGULAR);
            assertThat(status.isRegular()).isTrue();
            assertThat(status.isFolder()).isFalse();
            assertThat(status.permissions()).isEqualTo(0640);
            assertThat(status.size()).isEqualTo(12_345);
            assertThat(status.maySparse()).isTrue();
            assertThat(status.uid()).isEqualTo(Accounts.self());
            assertThat(status.links()).isEqualTo(1);
            assertThat(status.modified().instant())
                    .isEqualTo(Files.getLastModifiedTime(temp.resolve("a")).toInstant());
            assertThat(status.inode()).isEqualTo(Files.getAttribute(temp.resolve("a"), "unix:ino"));
            assertThat(folder.status(bytes("a"))).contains(status);
        }
        assertThat(folder.status().isFolder()).isTrue();
        assertThat(folder.status(bytes("absent"))).isEmpty();
    }

    @Test
    void statusOfASymlinkIsItsOwn() {
        Entries.makeSymlink(folder, bytes("link"), bytes("nowhere"));

        assertThat(folder.status(bytes("link")).orElseThrow().type()).isEqualTo(FileType.SYMLINK);
    }

    @Test
    void holesAndDataAreToldApart() {
        try (Fd file = create("sparse")) {
            file.truncate(1 << 20);
            try (Arena arena = Arena.ofConfined()) {
                file.write(arena.allocate(4096).fill((byte) 7), 512 << 10);
            }
            file.sync();

            assertThat(file.seekData(0)).isEqualTo(512 << 10);
            assertThat(file.seekHole(512 << 10)).isEqualTo((512 << 10) + 4096);
            assertThat(file.seekData((512 << 10) + 4096)).isEqualTo(-1);
        }
    }

    @Test
    void reservingRoomKeepsTheLength() {
        try (Fd file = create("reserved")) {
            assertThat(file.reserve(1 << 20)).isTrue();
            file.syncData();
            file.advise(0, 0, Fd.Advice.DONT_NEED);

            assertThat(file.status().size()).isZero();
            assertThat(file.status().blocks()).isGreaterThanOrEqualTo((1 << 20) / 512);
        }
    }

    @Test
    void failuresCarryTheErrnoAndNoName() {
        assertThatThrownBy(() -> folder.open(bytes("patient-4711"), Fd.READ))
                .isInstanceOfSatisfying(LinuxException.class, failure -> {
                    assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
                    assertThat(failure.call()).isEqualTo("openat");
                    assertThat(failure).hasMessageNotContaining("4711");
                    assertThat(failure.toBackupException().code()).isEqualTo(ErrorCode.SYSTEM_CALL_FAILED);
                });
        Fd readOnly = folder;
        assertThatThrownBy(() -> readOnly.truncate(1)).isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> readOnly.reserve(1)).isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> readOnly.write(Arena.global().allocate(1), 0)).isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> readOnly.read(Arena.global().allocate(1), 0))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.EISDIR)).isTrue());
    }

    @Test
    void aFullDiskIsNamedAsSuch() {
        assertThat(new LinuxException("pwrite", Errno.ENOSPC.number())
                        .toBackupException()
                        .code())
                .isEqualTo(ErrorCode.NO_SPACE);
        assertThat(new LinuxException("pwrite", 9999)).hasMessageContaining("errno 9999");
    }

    @Test
    void namesWithNulOrTooLongAreRefused() {
        assertThatThrownBy(() -> folder.open(new byte[] {'a', 0, 'b'}, Fd.READ))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.EINVAL)).isTrue());
        assertThatThrownBy(() -> folder.status(new byte[5000]))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.ENAMETOOLONG)).isTrue());
    }

    @Test
    void openingBeneathNeverLeavesTheFolder() throws Exception {
        Files.createDirectories(temp.resolve("in/deep"));
        Files.createSymbolicLink(temp.resolve("out"), Path.of("/"));
        Files.createSymbolicLink(temp.resolve("alias"), Path.of("in"));

        try (Fd file = folder.openBeneath(bytes("in/deep/new"), Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0600)) {
            assertThat(file.status().permissions()).isEqualTo(0600);
        }
        assertThat(temp.resolve("in/deep/new")).exists();
        for (String escape : new String[] {"../escape", "in/../../escape", "out/etc/passwd", "/etc/passwd"}) {
            assertThatThrownBy(() -> folder.openBeneath(bytes(escape), Fd.READ, 0))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.errno()).isIn(Errno.EXDEV, Errno.ELOOP));
        }
        assertThatThrownBy(() -> folder.openBeneath(bytes("alias/deep/new"), Fd.READ, 0))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.ELOOP)).isTrue());
    }

    @Test
    void closingTwiceDoesNothing() {
        Fd file = create("twice");
        file.close();
        file.close();
        assertThat(file.toString()).startsWith("Fd[");
    }

    @Test
    void memoryOutsideTheHeapIsZeroAndCanBeGivenBack() {
        try (NativeMemory memory = NativeMemory.allocate(1 << 20)) {
            MemorySegment segment = memory.segment();
            segment.set(ValueLayout.JAVA_BYTE, 5000, (byte) 1);
            memory.clear();
            assertThat(segment.get(ValueLayout.JAVA_BYTE, 5000)).isZero();
        }
        NativeMemory closed = NativeMemory.allocate(4096);
        closed.close();
        closed.close();
        assertThatThrownBy(closed::segment).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> NativeMemory.allocate(0)).isInstanceOf(LinuxException.class);
    }

    @Test
    void usedProcessorTimeGrows() {
        long before = CpuTime.ofThread().toNanos();
        long process = CpuTime.ofProcess().toNanos();
        double sum = 0;
        for (int i = 0; i < 3_000_000; i++) {
            sum += Math.sqrt(i);
        }
        assertThat(sum).isPositive();
        assertThat(CpuTime.ofThread().toNanos()).isGreaterThan(before);
        assertThat(CpuTime.ofProcess().toNanos()).isGreaterThan(process);
    }

    @Test
    void accountsHaveNamesWhereTheMachineKnowsThem() {
        var accounts = new Accounts();

        assertThat(accounts.user(0)).isEqualTo("root");
        assertThat(accounts.group(0)).isEqualTo("root");
        assertThat(accounts.user(3_999_999)).isEmpty();
        assertThat(accounts.group(3_999_999)).isEmpty();
    }

    @Test
    void virtualFileSystemsAreRecognised() {
        try (Fd proc = Fd.CWD.open(bytes("/proc"), Fd.READ | Fd.FOLDER)) {
            assertThat(FileSystems.of(proc).isVirtual()).isTrue();
        }
        FileSystems.Facts here = FileSystems.of(folder);
        assertThat(here.isVirtual()).isFalse();
        assertThat(here.freeBytes()).isPositive();
        assertThat(here.blockSize()).isPositive();
    }

    @Test
    void deviceNumbersSurvivePacking() {
        for (int major : new int[] {0, 1, 8, 255, 4095, 100_000}) {
            for (int minor : new int[] {0, 3, 255, 256, 65_535, 1_000_000}) {
                long packed = Devices.number(major, minor);
                assertThat(Devices.major(packed)).isEqualTo(major);
                assertThat(Devices.minor(packed)).isEqualTo(minor);
            }
        }
    }

    @Test
    void timesCompareBySecondsThenNanos() {
        var early = new FileTime(5, 10);
        assertThat(early.isBefore(new FileTime(5, 11))).isTrue();
        assertThat(early.isBefore(new FileTime(4, 11))).isFalse();
        assertThat(FileTime.of(early.instant())).isEqualTo(early);
    }
}
