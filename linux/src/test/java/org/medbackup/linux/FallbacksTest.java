package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done where the kernel or the file system does not have a call: the same, by older ones. */
@Isolated
class FallbacksTest {

    @TempDir
    Path temp;

    private Fd folder;

    @BeforeEach
    void openFolder() {
        folder = Fd.CWD.open(bytes(temp.toString()), Fd.READ | Fd.FOLDER);
    }

    @AfterEach
    void allowEverything() {
        Refusals.set(Map.of());
        folder.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"OTHER", "ENOSYS", "EINVAL", "EXDEV", "EOPNOTSUPP", "EPERM"})
    void aRangeIsCopiedWhateverTheKernelSaysOfCopyFileRange(Errno refusal) throws IOException {
        if (refusal != Errno.OTHER) {
            Refusals.set(Map.of("copy_file_range", refusal));
        }
        byte[] content = random(3_000_123);
        Files.write(temp.resolve("from"), content);

        try (Fd from = folder.open(bytes("from"), Fd.READ);
                Fd to = folder.open(bytes("to"), Fd.WRITE | Fd.CREATE, 0600)) {
            assertThat(Copies.range(from, to, 0, 1)).isEqualTo(1);
            assertThat(Copies.range(from, to, 1, 9_000)).isEqualTo(9_000);
            assertThat(Copies.range(from, to, 9_001, 2_500_000)).isEqualTo(2_500_000);
            assertThat(Copies.range(from, to, 2_509_001, 9_999_999)).isEqualTo(3_000_123 - 2_509_001);
        }

        assertThat(temp.resolve("to")).hasBinaryContent(content);
    }

    @Test
    void aCopyThatFindsNoRoomFails() throws IOException {
        Files.write(temp.resolve("from"), random(100_000));
        try (Fd from = folder.open(bytes("from"), Fd.READ);
                Fd full = Fd.CWD.open(bytes("/dev/full"), Fd.WRITE)) {
            assertThatThrownBy(() -> Copies.range(from, full, 0, 100_000))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOSPC));
            assertThatThrownBy(() -> Copies.range(from, folder, 0, 100_000))
                    .isInstanceOf(LinuxException.class)
                    .hasMessageContaining("copy_file_range");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"OTHER", "ENOSYS", "EINVAL"})
    void aRenameThatMustNotReplaceDoesNotWithoutRenameat2(Errno refusal) throws IOException {
        if (refusal != Errno.OTHER) {
            Refusals.set(Map.of("renameat2", refusal));
        }
        Files.writeString(temp.resolve("new"), "new");

        Entries.renameNew(folder, bytes("new"), folder, bytes("name"));

        assertThat(temp.resolve("name")).hasContent("new");
        assertThat(temp.resolve("new")).doesNotExist();
        Files.writeString(temp.resolve("other"), "other");
        assertThatThrownBy(() -> Entries.renameNew(folder, bytes("other"), folder, bytes("name")))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.EEXIST));
        assertThat(temp.resolve("name")).hasContent("new");
        assertThat(temp.resolve("other")).hasContent("other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EINVAL", "EOPNOTSUPP"})
    void everythingIsDataWhereTheFileSystemTellsNoHoles(String refusal) throws IOException {
        try (var file = new RandomAccessFile(temp.resolve("sparse").toFile(), "rw")) {
            file.setLength(1_000_000);
        }
        Refusals.set(Map.of("lseek", Errno.valueOf(refusal)));

        try (Fd sparse = folder.open(bytes("sparse"), Fd.READ)) {
            assertThat(sparse.seekData(0)).isZero();
            assertThat(sparse.seekData(999_999)).isEqualTo(999_999);
            assertThat(sparse.seekHole(0)).isEqualTo(1_000_000);
            assertThat(sparse.seekData(1_000_000)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EOPNOTSUPP"})
    void roomThatCannotBeReservedIsNoFailure(String refusal) {
        Refusals.set(Map.of("fallocate", Errno.valueOf(refusal)));

        try (Fd file = folder.open(bytes("f"), Fd.WRITE | Fd.CREATE, 0600)) {
            assertThat(file.reserve(1 << 20)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENOSYS", "EOPNOTSUPP"})
    void aFileSystemWithoutExtendedAttributesHasNone(String refusal) {
        Refusals.set(Map.of("flistxattr", Errno.valueOf(refusal)));

        assertThat(ExtendedAttributes.of(folder)).isEmpty();
    }

    @Test
    void aKernelWithoutOpenat2SaysSo() {
        Refusals.set(Map.of("openat2", Errno.ENOSYS));

        assertThatThrownBy(() -> folder.openBeneath(bytes("x"), Fd.READ, 0))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOSYS));
    }

    @Test
    void attributesThatWereRemovedAreGone() {
        try (Fd file = folder.open(bytes("f"), Fd.WRITE | Fd.CREATE, 0600)) {
            ExtendedAttributes.set(file, "user.a", bytes("1"));
            ExtendedAttributes.set(file, "user.b", bytes("2"));

            ExtendedAttributes.remove(file, "user.a");
            assertThat(ExtendedAttributes.of(file)).containsOnlyKeys("user.b");
            ExtendedAttributes.remove(folder, bytes("f"), "user.b");
            assertThat(ExtendedAttributes.of(file)).isEmpty();
            assertThatThrownBy(() -> ExtendedAttributes.remove(file, "user.a"))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.errno()).isEqualTo(Errno.ENODATA));
            assertThatThrownBy(() -> ExtendedAttributes.remove(folder, bytes("f"), "user.a"))
                    .isInstanceOf(LinuxException.class);
        }
    }
}
