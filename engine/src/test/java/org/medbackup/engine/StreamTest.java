package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ApplicationException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.CountingThrottle;

/** What an application hands over as a stream, and pieces whose folders nobody handed over. */
class StreamTest {

    private static final int MIB = 1 << 20;
    private static final PathBytes DUMP = PathBytes.of("/dumps/nightly/ehr.sql");
    private static final int OURS = uid();
    private static final StreamAttributes PRIVATE =
            new StreamAttributes(OURS, OURS, 0640, Instant.parse("2026-03-01T10:00:00Z"));

    @TempDir
    Path temp;

    private Sandbox sandbox = new Sandbox(Path.of("state"));

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @BeforeEach
    void create() {
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private BackupResult assembled(Consumer<AssembledBackup> pieces) {
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = repository.assemble(BackupRequest.of("app", List.of()), Sandbox.SILENT)) {
            pieces.accept(backup);
            return backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, new TreeMap<>());
        }
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void aStreamIsReadNoFasterThanALimitOnReadingAllows(Cut cut) {
        var throttle = new CountingThrottle(100_000);
        EngineContext limited = Sandbox.under(sandbox.context, throttle);
        byte[] content = Bytes.random(3, 5_000_001);
        try (Repository repository = Repository.open(
                        sandbox.store, limited, new Credential.KeyFile(sandbox.writerKey()), Sandbox.SILENT);
                AssembledBackup backup = repository.assemble(BackupRequest.of("app", List.of()), Sandbox.SILENT)) {
            backup.stream(DUMP, new ByteArrayInputStream(content), PRIVATE, cut);
            backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, new TreeMap<>());
        }

        assertThat(throttle.used(Throttle.Resource.DISK_READ)).isEqualTo(content.length);
        assertThat(throttle.open()).isZero();
    }

    private BackupResult streamed(byte[] content, Cut cut) {
        return assembled(backup -> backup.stream(DUMP, new ByteArrayInputStream(content), PRIVATE, cut));
    }

    private Path restored(BackupResult result) {
        Path out = temp.resolve("out-" + result.snapshot());
        sandbox.restore(result.snapshot(), Path.of("/"), out);
        return out;
    }

    @ParameterizedTest(name = "{0} bytes, cut by {1}")
    @CsvSource({
        "0, CONTENT",
        "1, CONTENT",
        "4194304, CONTENT",
        "9000001, CONTENT",
        "0, PAGES",
        "1, PAGES",
        "4194304, PAGES",
        "9000001, PAGES"
    })
    void aStreamComesBackAsItWas(int length, Cut cut) throws IOException {
        byte[] content = Bytes.random(length, length);

        Path out = restored(streamed(content, cut));

        Path dump = out.resolve("dumps/nightly/ehr.sql");
        assertThat(dump).hasBinaryContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dump)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getLastModifiedTime(dump).toInstant()).isEqualTo(PRIVATE.modified());
        assertThat(sandbox.verify(VerifyLevel.RESTORE).snapshots()).hasSize(1);
    }

    @Test
    void aStreamLongerThanARegionComesBack() throws IOException {
        byte[] block = Bytes.random(1, MIB + 4711);
        int blocks = 133;

        BackupResult result = assembled(backup -> backup.stream(DUMP, repeated(block, blocks), PRIVATE, Cut.CONTENT));

        assertThat(result.bytes().read()).isEqualTo((long) blocks * block.length);
        Path dump = restored(result).resolve("dumps/nightly/ehr.sql");
        try (InputStream is = Files.newInputStream(dump);
                InputStream wanted = repeated(block, blocks)) {
            assertThat(is).hasSameContentAs(wanted);
        }
    }

    private static InputStream repeated(byte[] block, int times) {
        return new SequenceInputStream(Collections.enumeration(IntStream.range(0, times)
                .mapToObj(i -> (InputStream) new ByteArrayInputStream(block))
                .toList()));
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void aStreamThatIsRepeatedStoresNothingAgain(Cut cut) {
        byte[] content = Bytes.random(2, 9 * MIB);
        streamed(content, cut);

        BackupResult again = streamed(content, cut);

        assertThat(again.bytes().added()).isZero();
        assertThat(again.files().changed()).isEqualTo(1);
    }

    @Test
    void onTheGridAChangedPageStoresItsBlockOnly() throws IOException {
        byte[] content = Bytes.random(3, 9 * MIB);
        streamed(content, Cut.PAGES);
        content[5 * MIB] ^= 1;

        BackupResult result = streamed(content, Cut.PAGES);

        assertThat(result.bytes().added()).isLessThan(80 * 1024);
        assertThat(restored(result).resolve("dumps/nightly/ehr.sql")).hasBinaryContent(content);
    }

    @Test
    void aStreamAndAFileOfTheSameContentShareTheirChunks() throws IOException {
        Path file = Files.write(temp.resolve("ehr.sql"), Bytes.random(4, 9 * MIB));
        assembled(backup -> backup.file(file, PathBytes.of("/other/ehr.sql"), Cut.CONTENT));

        BackupResult result = streamed(Files.readAllBytes(file), Cut.CONTENT);

        assertThat(result.bytes().added()).isLessThan(32 * 1024);
    }

    @Test
    void onTheGridAFileMayTakeAStreamsPlaceAndBack() throws IOException {
        Path file = Files.write(temp.resolve("relation"), Bytes.random(5, 9 * MIB));
        byte[] swapped = Bytes.random(5, 9 * MIB);
        System.arraycopy(swapped, 0, swapped, 4 * MIB, 4 * MIB);
        streamed(swapped, Cut.PAGES);

        BackupResult asFile = assembled(backup -> backup.file(file, DUMP, Cut.PAGES));
        BackupResult asStream = streamed(swapped, Cut.PAGES);

        assertThat(restored(asFile).resolve("dumps/nightly/ehr.sql")).hasSameBinaryContentAs(file);
        assertThat(restored(asStream).resolve("dumps/nightly/ehr.sql")).hasBinaryContent(swapped);
    }

    /** Gives some bytes, then fails. */
    private static InputStream failing(int after, RuntimeException failure) {
        var end = new InputStream() {
            @Override
            public int read() throws IOException {
                if (failure instanceof UncheckedIOException wrapped) {
                    throw wrapped.getCause();
                }
                throw failure;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(new byte[after]), end);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void aStreamThatFailsEndsTheBackup(Cut cut) {
        var broken = new UncheckedIOException(new IOException("the program has died"));
        try (Repository repository = sandbox.openAsWriter();
                AssembledBackup backup = repository.assemble(BackupRequest.of("app", List.of()), Sandbox.SILENT)) {
            assertThatThrownBy(() -> backup.stream(DUMP, failing(100_000, broken), PRIVATE, cut))
                    .isInstanceOfSatisfying(
                            ApplicationException.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
            assertThatThrownBy(() -> backup.commit(ConsistencyLevel.APPLICATION_CONSISTENT, new TreeMap<>()))
                    .isInstanceOf(ApplicationException.class);
        }

        try (Repository repository = sandbox.open()) {
            assertThat(repository.snapshots(Sandbox.SILENT)).isEmpty();
        }
    }

    @Test
    void aFailureWithARemedyOfItsOwnKeepsIt() {
        var full = ErrorCode.NO_SPACE.because("the program's disk is full");

        assertThatThrownBy(() -> assembled(backup -> backup.stream(DUMP, failing(10, full), PRIVATE, Cut.CONTENT)))
                .isInstanceOf(CapacityException.class)
                .isSameAs(full);
    }

    @Test
    void anInterruptEndsAStream() {
        try {
            assertThatThrownBy(() -> assembled(backup -> {
                        Thread.currentThread().interrupt();
                        backup.stream(DUMP, new ByteArrayInputStream(new byte[9]), PRIVATE, Cut.CONTENT);
                    }))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void piecesWhoseFoldersNobodyHandedOverComeBack() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("source/below"));
        Path file = Files.write(folder.resolve("file"), "file".getBytes(UTF_8));

        Path out = restored(assembled(backup -> {
            backup.tree(new TreeCopy(folder, PathBytes.of("/a/b/tree"), Selection.ALL, Cut.CONTENT, false));
            backup.file(file, PathBytes.of("/a/b/c/file"), Cut.CONTENT);
            backup.content(PathBytes.of("/a/d/label"), "label".getBytes(UTF_8), PathBytes.of("/a/b/c/file"));
            backup.stream(PathBytes.of("/top"), new ByteArrayInputStream(new byte[3]), PRIVATE, Cut.CONTENT);
        }));

        assertThat(out.resolve("a/b/tree/file")).hasContent("file");
        assertThat(out.resolve("a/b/c/file")).hasContent("file");
        assertThat(out.resolve("a/d/label")).hasContent("label");
        assertThat(out.resolve("top")).hasBinaryContent(new byte[3]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve("a/d"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatIsThereKeepsItsAttributesWhenItWasOnNoDisk() throws IOException {
        BackupResult result = streamed(new byte[] {1, 2}, Cut.CONTENT);
        Path out = temp.resolve("out");
        Path dumps = Files.createDirectories(out.resolve("dumps"));
        Files.setPosixFilePermissions(dumps, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (Repository repository = sandbox.open()) {
            var request = new RestoreRequest(
                    result.snapshot(), PathBytes.of("/"), List.of(), out, RestoreRequest.Existing.REPLACED);
            repository.restore(request, Sandbox.SILENT);
        }

        assertThat(dumps.resolve("nightly/ehr.sql")).hasBinaryContent(new byte[] {1, 2});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dumps)))
                .isEqualTo("rwxr-xr-x");
    }
}
