package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;

class BundledServerTest {

    private final OpenFolder folder = new OpenFolder();

    @AfterEach
    void remove() {
        folder.close();
    }

    @Test
    void severalWhoComeAtOnceFindOneCompleteServer() throws Exception {
        // What a process left that was killed while it unpacked.
        Path unfinished = Files.createDirectories(folder.resolve("cache/.unpacking/bin"));
        Files.writeString(unfinished.resolve("postgres"), "half");
        Callable<PostgresInstallation> open =
                () -> PostgresInstallation.bundled(folder.resolve("cache"), Processes.system())
                        .orElseThrow();

        List<Future<PostgresInstallation>> found;
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            found = threads.invokeAll(List.of(open, open, open));
        }

        assertThat(found.get(0).get())
                .isEqualTo(found.get(1).get())
                .isEqualTo(found.get(2).get());
        assertThat(found.get(0).get().version()).startsWith("18.");
        try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
            assertThat(left.map(each -> each.getFileName().toString().replaceAll("-.*", "")))
                    .containsExactlyInAnyOrder(".lock", "postgresql");
        }
        assertThat(Files.getPosixFilePermissions(found.get(0).get().bin().resolve("postgres")))
                .hasSize(7);
    }

    @Test
    void aCacheThatIsNoFolderIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("cache"), "a file");

        assertThatThrownBy(() -> PostgresInstallation.bundled(file, Processes.system()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        unusable -> assertThat(unusable.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void aDamagedArchiveLeavesNoServerBehind() throws IOException {
        Path archive = Files.writeString(folder.resolve("postgres.txz"), "this is no archive");
        var bundled = new BundledServer(archive.toUri().toURL());

        assertThatThrownBy(() -> bundled.unpackedBelow(folder.resolve("cache")))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("could not be unpacked");
        assertThatThrownBy(() ->
                        PostgresInstallation.unpacked(bundled.archive(), folder.resolve("cache"), Processes.system()))
                .isInstanceOf(BackupException.class);

        try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
            assertThat(left.map(each -> each.getFileName().toString())).containsOnly(".lock");
        }
    }

    @Test
    void anArchiveElsewhereIsTheSameServer() {
        var archive = BundledServer.onThePath().orElseThrow().archive();
        Path cache = folder.resolve("cache");

        assertThat(PostgresInstallation.unpacked(archive, cache, Processes.system()))
                .isEqualTo(
                        PostgresInstallation.bundled(cache, Processes.system()).orElseThrow());
    }

    @Test
    void thereIsNoneForAProcessorThatNobodyPackedItFor() {
        String processor = System.getProperty("os.arch");
        System.setProperty("os.arch", "sparc");
        try {
            assertThat(PostgresInstallation.bundled(folder.path(), Processes.system()))
                    .isEmpty();
        } finally {
            System.setProperty("os.arch", processor);
        }
    }
}
