package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;

/** Each call says what the kernel refused, and why. */
class ErrorPathsTest {

    private static final byte[] ABSENT = bytes("absent");
    private static final FileTime TIME = new FileTime(1, 2);

    @TempDir
    Path temp;

    private Fd folder;

    @BeforeEach
    void openFolder() {
        folder = Fd.CWD.open(bytes(temp.toString()), Fd.READ | Fd.FOLDER);
    }

    @AfterEach
    void closeFolder() {
        folder.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void assertFails(String call, Errno errno, ThrowingCallable act) {
        assertThatThrownBy(act).isInstanceOfSatisfying(LinuxException.class, failure -> {
            assertThat(failure.errno()).isEqualTo(errno);
            assertThat(failure.call()).isEqualTo(call);
            assertThat(failure).hasMessage(call + " failed with " + errno);
        });
    }

    @Test
    void whatIsNotThereIsSaidToBeMissing() {
        assertFails("openat", Errno.ENOENT, () -> folder.open(ABSENT, Fd.READ));
        assertFails("openat2", Errno.ENOENT, () -> folder.openBeneath(ABSENT, Fd.READ, 0));
        assertFails("fchownat", Errno.ENOENT, () -> Attributes.owner(folder, ABSENT, 0, 0));
        assertFails("fchmodat", Errno.ENOENT, () -> Attributes.permissions(folder, ABSENT, 0600));
        assertFails("utimensat", Errno.ENOENT, () -> Attributes.modified(folder, ABSENT, TIME));
        assertFails("linkat", Errno.ENOENT, () -> Entries.link(folder, ABSENT, folder, bytes("b")));
        assertFails("renameat", Errno.ENOENT, () -> Entries.rename(folder, ABSENT, folder, bytes("b")));
        assertFails("unlinkat", Errno.ENOENT, () -> Entries.remove(folder, ABSENT));
        assertFails("unlinkat", Errno.ENOENT, () -> Entries.removeFolder(folder, ABSENT));
        assertFails("readlinkat", Errno.ENOENT, () -> Entries.readSymlink(folder, ABSENT));
        assertFails("listxattr", Errno.ENOENT, () -> ExtendedAttributes.of(folder, ABSENT));
        assertFails("lsetxattr", Errno.ENOENT, () -> ExtendedAttributes.set(folder, ABSENT, "user.a", new byte[1]));
        assertThat(folder.status(ABSENT)).isEmpty();
    }

    @Test
    void whatIsThereIsNeverReplacedByMaking() throws IOException {
        byte[] name = bytes("there");
        Files.writeString(temp.resolve("there"), "old");

        assertFails("openat", Errno.EEXIST, () -> folder.open(name, Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0600));
        assertFails("openat2", Errno.EEXIST, () -> folder.openBeneath(name, Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0600));
        assertFails("mkdirat", Errno.EEXIST, () -> Entries.makeFolder(folder, name, 0700));
        assertFails("symlinkat", Errno.EEXIST, () -> Entries.makeSymlink(folder, name, ABSENT));
        assertFails("mknodat", Errno.EEXIST, () -> Entries.makeNode(folder, name, FileType.FIFO, 0600, 0));
        assertFails("linkat", Errno.EEXIST, () -> Entries.link(folder, name, folder, name));
        assertThat(temp.resolve("there")).hasContent("old");
    }

    @Test
    void aSymlinkIsNotFollowedWhereItMustNotBe() throws IOException {
        Files.createSymbolicLink(temp.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(temp.resolve("out"), Path.of("/"));

        assertFails("openat", Errno.ELOOP, () -> folder.open(bytes("loop"), Fd.READ));
        assertFails("openat", Errno.ELOOP, () -> folder.open(bytes("out"), Fd.READ | Fd.NO_FOLLOW));
        assertFails("openat2", Errno.ELOOP, () -> folder.openBeneath(bytes("out"), Fd.READ, 0));
        assertFails("openat2", Errno.ELOOP, () -> folder.openBeneath(bytes("out/etc/passwd"), Fd.READ, 0));
        assertThat(folder.status(bytes("loop")).orElseThrow().type()).isEqualTo(FileType.SYMLINK);
    }

    @Test
    void filesAndFoldersAreNotMistakenForEachOther() throws IOException {
        Files.createFile(temp.resolve("file"));
        Files.createDirectories(temp.resolve("folder/in"));

        assertFails("openat", Errno.ENOTDIR, () -> folder.open(bytes("file"), Fd.READ | Fd.FOLDER));
        assertFails("openat2", Errno.ENOTDIR, () -> folder.openBeneath(bytes("file/x"), Fd.READ, 0));
        assertFails("statx", Errno.ENOTDIR, () -> folder.status(bytes("file/x")));
        assertFails("openat", Errno.EISDIR, () -> folder.open(bytes("folder"), Fd.WRITE));
        assertFails("unlinkat", Errno.EISDIR, () -> Entries.remove(folder, bytes("folder")));
        assertFails("unlinkat", Errno.ENOTDIR, () -> Entries.removeFolder(folder, bytes("file")));
        assertFails("unlinkat", Errno.ENOTEMPTY, () -> Entries.removeFolder(folder, bytes("folder")));
        assertFails("readlinkat", Errno.EINVAL, () -> Entries.readSymlink(folder, bytes("file")));
        try (Fd file = folder.open(bytes("file"), Fd.READ)) {
            assertFails("getdents64", Errno.ENOTDIR, () -> Folder.read(file));
        }
    }

    @Test
    void aFolderThatWasRemovedMeanwhileTakesNothing() {
        Entries.makeFolder(folder, bytes("gone"), 0700);
        try (Fd gone = folder.open(bytes("gone"), Fd.READ | Fd.FOLDER)) {
            Entries.removeFolder(folder, bytes("gone"));

            assertFails("mkdirat", Errno.ENOENT, () -> Entries.makeFolder(gone, bytes("a"), 0700));
            assertFails("getdents64", Errno.ENOENT, () -> Folder.read(gone));
        }
    }

    @Test
    void aLinkOrRenameToAnotherFileSystemIsRefused() {
        byte[] name = bytes("status");
        try (Fd proc = Fd.CWD.open(bytes("/proc/self"), Fd.READ | Fd.FOLDER)) {
            assertFails("linkat", Errno.EXDEV, () -> Entries.link(proc, name, folder, name));
            assertFails("renameat", Errno.EXDEV, () -> Entries.rename(proc, name, folder, name));
        }
        assertThat(folder.status(name)).isEmpty();
    }

    @Test
    void aNameLongerThanTheFileSystemTakesIsRefused() {
        byte[] longest = new byte[255];
        Arrays.fill(longest, (byte) 'n');
        byte[] longer = Arrays.copyOf(longest, 256);
        longer[255] = 'n';

        folder.open(longest, Fd.WRITE | Fd.CREATE, 0600).close();

        assertThat(folder.status(longest)).isPresent();
        assertFails("openat", Errno.ENAMETOOLONG, () -> folder.open(longer, Fd.WRITE | Fd.CREATE, 0600));
        assertFails("statx", Errno.ENAMETOOLONG, () -> folder.status(longer));
        assertFails("path", Errno.ENAMETOOLONG, () -> Entries.makeSymlink(folder, bytes("l"), new byte[4096]));
        assertFails("path", Errno.EINVAL, () -> Entries.makeFolder(folder, new byte[] {'a', 0}, 0700));
    }

    @Test
    void whatIsNoOpenFileIsSaidToBeNone() {
        assertFails("fsync", Errno.EBADF, Fd.CWD::sync);
        assertFails("fdatasync", Errno.EBADF, Fd.CWD::syncData);
        assertFails("ftruncate", Errno.EBADF, () -> Fd.CWD.truncate(0));
        assertFails("fallocate", Errno.EBADF, () -> Fd.CWD.reserve(1));
        assertFails("lseek", Errno.EBADF, () -> Fd.CWD.seekData(0));
        assertFails("fchmod", Errno.EBADF, () -> Attributes.permissions(Fd.CWD, 0600));
        assertFails("futimens", Errno.EBADF, () -> Attributes.modified(Fd.CWD, TIME));
        assertFails("ioctl", Errno.EBADF, () -> Attributes.flags(Fd.CWD, 0));
        assertFails("fstatfs", Errno.EBADF, () -> FileSystems.of(Fd.CWD));
        assertFails("getdents64", Errno.EBADF, () -> Folder.read(Fd.CWD));
        assertThat(Attributes.flags(Fd.CWD)).isZero();
    }

    @Test
    void aHintThatCannotBeTakenIsNoFailure() {
        for (Fd.Advice advice : Fd.Advice.values()) {
            Fd.CWD.advise(0, 1, advice);
        }
        Fd.CWD.close();

        assertThat(Fd.CWD.open(bytes("/"), Fd.READ | Fd.FOLDER)).satisfies(Fd::close);
    }

    @Test
    void aFullDeviceIsReportedAsNoSpace() {
        try (Fd full = Fd.CWD.open(bytes("/dev/full"), Fd.WRITE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(10);

            assertThatThrownBy(() -> full.write(content, 0)).isInstanceOfSatisfying(LinuxException.class, failure -> {
                assertThat(failure.is(Errno.ENOSPC)).isTrue();
                assertThat(failure.toBackupException().code()).isEqualTo(ErrorCode.NO_SPACE);
                assertThat(failure.toBackupException()).hasCause(failure);
            });
        }
    }

    @Test
    void aFileSystemThatReservesNoRoomSaysSo() {
        try (Fd file = Fd.CWD.open(bytes("/proc/self/oom_score_adj"), Fd.WRITE)) {
            assertThat(file.reserve(4096)).isFalse();
        }
    }

    @Test
    void quotasAndLongestFilesCountAsNoSpace() {
        for (Errno errno : new Errno[] {Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG}) {
            assertThat(new LinuxException("pwrite", errno.number())
                            .toBackupException()
                            .code())
                    .isEqualTo(ErrorCode.NO_SPACE);
        }
        assertThat(new LinuxException("pwrite", Errno.EIO.number())
                        .toBackupException()
                        .code())
                .isEqualTo(ErrorCode.SYSTEM_CALL_FAILED);
    }

    @Test
    void everyListedErrorIsFoundByItsNumberAndNoOther() {
        for (Errno errno : Errno.values()) {
            assertThat(Errno.of(errno.number())).isEqualTo(errno);
        }
        assertThat(Errno.of(0)).isEqualTo(Errno.OTHER);
        assertThat(new LinuxException("x", 7).errno()).isEqualTo(Errno.OTHER);
        assertThat(new LinuxException("x", 7)).hasMessage("x failed with errno 7");
    }

    @Test
    void memoryThatTheMachineDoesNotHaveIsRefused() {
        assertFails("mmap", Errno.ENOMEM, () -> NativeMemory.allocate(Long.MAX_VALUE / 2));
    }

    @Test
    void memoryThatWasGivenBackCannotBeCleared() {
        NativeMemory memory = NativeMemory.allocate(4096);
        memory.close();

        assertThatThrownBy(memory::clear).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatABoundFunctionThrowsIsPassedOnAsItIs() {
        var runtime = new IllegalArgumentException("x");
        var checked = new IOException("y");
        var error = new StackOverflowError();

        assertThat(Native.unexpected(runtime)).isSameAs(runtime);
        assertThat(Native.unexpected(checked))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(checked);
        assertThatThrownBy(() -> Native.unexpected(error)).isSameAs(error);
    }
}
