package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What production has in the page cache stays there, and what a backup reads does not push it out. */
class PageCacheTest {

    private static final int PIECE = 1 << 18;
    private static final int LENGTH = 4 * PIECE;
    private static final long PAGES = LENGTH / 4096;

    // On the disk of the working folder: a file system in memory has nothing but its cache.
    private Path folder = Path.of("target");
    private Path path = folder;

    @BeforeEach
    void write() throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "cache");
        path = folder.resolve("image.dcm");
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (i * 31 >> 7);
        }
        Files.write(path, bytes);
        try (Fd file = Fd.CWD.open(path.toString().getBytes(UTF_8), Fd.READ_WRITE)) {
            file.sync();
            file.advise(0, 0, Fd.Advice.DONT_NEED);
        }
    }

    @AfterEach
    void remove() throws IOException {
        Refusals.set(Map.of());
        Files.deleteIfExists(path);
        Files.deleteIfExists(folder);
    }

    private Fd open() {
        return Fd.CWD.open(path.toString().getBytes(UTF_8), Fd.READ);
    }

    private static byte[] readOnce(Fd file, long offset, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(length);
            long got = file.readOnce(target, offset);
            return target.asSlice(0, got).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
    }

    @ParameterizedTest(name = "kernel drops behind: {0}")
    @ValueSource(booleans = {true, false})
    void whatIsReadOnceDoesNotStayAndWhatOthersUseDoes(boolean drops) throws IOException {
        if (!drops) {
            Refusals.set(Map.of("preadv2", Errno.EOPNOTSUPP));
        }
        byte[] expected = Files.readAllBytes(path);
        try (Fd file = open()) {
            file.advise(0, 0, Fd.Advice.DONT_NEED);
            file.advise(0, 0, Fd.Advice.RANDOM);
            // The second quarter is somebody else's.
            try (Arena arena = Arena.ofConfined()) {
                assertThat(file.read(arena.allocate(PIECE), PIECE)).isEqualTo(PIECE);
            }
            assertThat(PageCache.pages(file, 0, LENGTH)).isEqualTo(PAGES / 4);

            for (int offset = 0; offset < LENGTH; offset += PIECE) {
                assertThat(readOnce(file, offset, PIECE))
                        .isEqualTo(java.util.Arrays.copyOfRange(expected, offset, offset + PIECE));
            }

            assertThat(PageCache.pages(file, PIECE, PIECE)).isEqualTo(PAGES / 4);
            assertThat(PageCache.pages(file, 0, LENGTH)).isEqualTo(PAGES / 4);
        }
    }

    @ParameterizedTest(name = "kernel drops behind: {0}")
    @ValueSource(booleans = {true, false})
    void aFileEndsWhereItEnds(boolean drops) {
        if (!drops) {
            Refusals.set(Map.of("preadv2", Errno.ENOSYS));
        }
        try (Fd file = open()) {
            assertThat(readOnce(file, LENGTH - 10, 100)).hasSize(10);
            assertThat(readOnce(file, LENGTH, 100)).isEmpty();
            assertThat(PageCache.pages(file, 0, 0)).isZero();
        }
    }

    @org.junit.jupiter.api.Test
    void whatCannotBeReadIsAFailureAndHasNoPages() {
        try (Fd file = Fd.CWD.open(folder.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
            assertThatThrownBy(() -> readOnce(file, 0, 10)).isInstanceOf(LinuxException.class);
            assertThat(PageCache.pages(file, 0, 10)).isZero();
        }
    }

    @org.junit.jupiter.api.Test
    void aPartitionIsOfItsDisk(@org.junit.jupiter.api.io.TempDir Path blocks) throws IOException {
        Path disk = Files.createDirectories(blocks.resolve("devices/sda"));
        Path partition = Files.createDirectories(disk.resolve("sda1"));
        Files.createFile(partition.resolve("partition"));
        Path numbers = Files.createDirectories(blocks.resolve("block"));
        Files.createSymbolicLink(numbers.resolve("8:0"), disk);
        Files.createSymbolicLink(numbers.resolve("8:1"), partition);

        assertThat(Devices.disk(numbers, Devices.number(8, 0))).isEqualTo("sda");
        assertThat(Devices.disk(numbers, Devices.number(8, 1))).isEqualTo("sda");
        assertThat(Devices.disk(numbers, Devices.number(0, 44))).isEmpty();
        assertThat(Devices.disk(Devices.number(0, 4095))).isEmpty();
    }
}
