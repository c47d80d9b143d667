package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.Bytes;

/** A restore writes below its target and nowhere else, and replaces nothing. */
class RestoreSafetyTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Path target = Path.of("target");
    private Path outside = Path.of("outside");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String snapshot = "";

    @BeforeEach
    void backUp() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.createDirectories(source.resolve("ward/records"));
        Files.write(source.resolve("ward/records/a.txt"), "restored".getBytes(UTF_8));
        Files.write(source.resolve("image.dcm"), Bytes.random(1, 900_000));
        Files.createLink(source.resolve("linked.dcm"), source.resolve("image.dcm"));
        target = Files.createDirectories(temp.resolve("target"));
        outside = Files.createDirectories(temp.resolve("outside"));
        sandbox = new Sandbox(temp.resolve("state")).create();
        snapshot = sandbox.backup(source).snapshot();
    }

    @Test
    void aSymlinkInTheTargetIsNotFollowed() throws IOException {
        Files.createDirectories(outside.resolve("records"));
        Files.createSymbolicLink(target.resolve("ward"), outside);

        RestoreResult result = sandbox.restore(snapshot, source, target);

        assertThat(result.failures())
                .extracting(RestoreResult.Failure::path)
                .contains("ward", "ward/records", "ward/records/a.txt");
        assertThat(outside.resolve("records")).isEmptyDirectory();
        assertThat(target.resolve("ward")).isSymbolicLink();
        assertThat(target.resolve("image.dcm")).hasBinaryContent(Bytes.random(1, 900_000));
    }

    @Test
    void aSymlinkInAFilesPlaceIsNotWrittenThrough() throws IOException {
        Path precious = outside.resolve("precious");
        Files.write(precious, "precious".getBytes(UTF_8));
        Files.createSymbolicLink(target.resolve("image.dcm"), precious);

        RestoreResult result = sandbox.restore(snapshot, source, target);

        assertThat(result.failures())
                .filteredOn(failure -> failure.path().equals("image.dcm"))
                .hasSize(1);
        assertThat(precious).hasContent("precious");
    }

    @Test
    void whatIsThereIsLeftAloneAndReported() throws IOException {
        Files.createDirectories(target.resolve("ward/records"));
        Files.write(target.resolve("ward/records/a.txt"), "of today".getBytes(UTF_8));

        RestoreResult result = sandbox.restore(snapshot, source, target);

        assertThat(result.isComplete()).isFalse();
        assertThat(result.damaged()).isFalse();
        assertThat(result.failures()).extracting(RestoreResult.Failure::path).containsExactly("ward/records/a.txt");
        assertThat(target.resolve("ward/records/a.txt")).hasContent("of today");
    }

    @Test
    void aFileInAFoldersPlaceIsReportedAndTheRestIsRestored() throws IOException {
        Files.write(target.resolve("ward"), "a file".getBytes(UTF_8));

        RestoreResult result = sandbox.restore(snapshot, source, target);

        assertThat(result.failures()).extracting(RestoreResult.Failure::path).contains("ward/records/a.txt");
        assertThat(target.resolve("ward")).hasContent("a file");
        assertThat(target.resolve("linked.dcm")).hasBinaryContent(Bytes.random(1, 900_000));
    }

    @Test
    void aTargetThatIsAFileIsRefused() throws IOException {
        Path file = temp.resolve("file");
        Files.write(file, "x".getBytes(UTF_8));

        assertThatThrownBy(() -> sandbox.restore(snapshot, source, file))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void onlyWhatIsIncludedIsRestored() {
        var request =
                new RestoreRequest(snapshot, PathBytes.of("/"), List.of(Sandbox.path(source.resolve("ward"))), target);
        RestoreResult result;
        try (Repository repository = sandbox.open()) {
            result = repository.restore(request, Sandbox.SILENT);
        }

        assertThat(result.files()).isEqualTo(1);
        assertThat(target.resolve(source.toString().substring(1) + "/ward/records/a.txt"))
                .hasContent("restored");
        assertThat(target.resolve(source.toString().substring(1) + "/image.dcm"))
                .doesNotExist();
    }

    @Test
    void anIncludedPathThatIsNotThereIsRefusedBeforeAnythingIsWritten() {
        var request = new RestoreRequest(
                snapshot, PathBytes.of("/"), List.of(Sandbox.path(source.resolve("nowhere"))), target);

        try (Repository repository = sandbox.open()) {
            assertThatThrownBy(() -> repository.restore(request, Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PATH_NOT_IN_SNAPSHOT));
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void theSecondNameOfAFileIsRestoredWithItsContentWhenTheFirstIsNotIncluded() {
        var request = new RestoreRequest(
                snapshot, PathBytes.of("/"), List.of(Sandbox.path(source.resolve("linked.dcm"))), target);
        try (Repository repository = sandbox.open()) {
            repository.restore(request, Sandbox.SILENT);
        }

        assertThat(target.resolve(source.toString().substring(1) + "/linked.dcm"))
                .hasBinaryContent(Bytes.random(1, 900_000));
    }
}
