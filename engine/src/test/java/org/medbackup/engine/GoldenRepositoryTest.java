package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * A repository that version 1 wrote can be read forever. {@code golden/v1/repository.zip} is never made again; how it was
 * made is {@link GoldenRepository}.
 */
class GoldenRepositoryTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void unpack() throws IOException {
        try (var zip = new ZipInputStream(resource("repository.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                store.overwrite(ObjectName.of(entry.getName()), zip.readAllBytes());
            }
        }
        sandbox = new Sandbox(temp.resolve("state"), store);
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GoldenRepositoryTest.class.getResourceAsStream("/golden/v1/" + name));
    }

    private static String text(String name) throws IOException {
        try (InputStream stream = resource(name)) {
            return new String(stream.readAllBytes(), UTF_8);
        }
    }

    private Repository open() {
        return Repository.open(
                store,
                sandbox.context,
                new Credential.Password(Secret.ofText(GoldenRepository.PASSWORD)),
                Sandbox.SILENT);
    }

    @Test
    void everyFileOfEveryRestorePointComesBackAsItWas() throws IOException {
        var lines = new ArrayList<String>();
        try (Repository repository = open()) {
            List<Snapshot> snapshots = repository.snapshots(Sandbox.SILENT);
            for (int i = 0; i < snapshots.size(); i++) {
                Path target = temp.resolve("out" + i);
                RestoreResult result =
                        repository.restore(RestoreRequest.of(snapshots.get(i).id(), target), Sandbox.SILENT);
                assertThat(result.damaged()).isFalse();
                for (String line : TreeListing.of(target.resolve(GoldenRepository.SOURCE))) {
                    lines.add(snapshots.get(i).id() + " " + line);
                }
            }
        }

        assertThat(lines).isNotEmpty().isEqualTo(text("listing.txt").lines().toList());
    }

    @Test
    void everyLevelOfVerificationFindsItWhole() {
        try (Repository repository = open()) {
            VerifyResult result = repository.verify(VerifyLevel.RESTORE, 1, java.util.Set.of(), Sandbox.SILENT);

            assertThat(result.damaged()).isEmpty();
            assertThat(result.snapshots()).hasSize(2);
        }
    }

    @Test
    void aNewBackupJoinsItAndItsWriterKeyIsStillGood() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.write(source.resolve("today.txt"), "today".getBytes(UTF_8));
        Credential writer = new Credential.KeyFile(Secret.ofText(text("writer.key")));
        BackupResult result;
        try (Repository repository = Repository.open(store, sandbox.context, writer, Sandbox.SILENT)) {
            result = repository.backup(BackupRequest.of("golden", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }

        try (Repository repository = open()) {
            assertThat(repository.snapshots(Sandbox.SILENT)).hasSize(3);
            repository.restore(RestoreRequest.of(result.snapshot(), temp.resolve("new")), Sandbox.SILENT);
        }
        assertThat(temp.resolve("new" + source + "/today.txt")).hasContent("today");
    }

    @Test
    void theGoldenFilesAreTheOnesThatWereCommitted() throws IOException {
        try (InputStream zip = resource("repository.zip")) {
            byte[] bytes = zip.readAllBytes();
            assertThat(bytes.length).isLessThan(200 * 1024);
            assertThat(HexFormat.of().formatHex(Crypto.sha256(bytes)))
                    .isEqualTo(text("sha256.txt").strip());
        }
    }
}
