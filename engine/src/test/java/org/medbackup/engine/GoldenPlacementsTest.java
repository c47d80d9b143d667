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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.testkit.MemoryStore;

/** A repository with classes of placement and key domains, as version 1 wrote it, can be read forever. */
class GoldenPlacementsTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();
    private EngineContext context;

    static InputStream resource(String name) {
        return Objects.requireNonNull(GoldenPlacementsTest.class.getResourceAsStream("/golden/v1-placements/" + name));
    }

    static List<String> listing() throws IOException {
        try (InputStream stream = resource("listing.txt")) {
            return new String(stream.readAllBytes(), UTF_8).lines().toList();
        }
    }

    static SortedMap<String, byte[]> objects() throws IOException {
        var objects = new TreeMap<String, byte[]>();
        try (var zip = new ZipInputStream(resource("repository.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                objects.put(entry.getName(), zip.readAllBytes());
            }
        }
        return objects;
    }

    @BeforeEach
    void unpack() throws IOException {
        objects().forEach((name, bytes) -> store.overwrite(ObjectName.of(name), bytes));
        context = Sandbox.context(temp.resolve("state"));
    }

    private Repository open() {
        return Repository.open(
                store, context, new Credential.Password(Secret.ofText(GoldenPlacements.PASSWORD)), Sandbox.SILENT);
    }

    @Test
    void everyRestorePointComesBackAsItWas() throws IOException {
        var lines = new ArrayList<String>();
        try (Repository repository = open()) {
            for (Snapshot each : repository.snapshots(Sandbox.SILENT)) {
                Path target = temp.resolve(each.id());
                assertThat(repository
                                .restore(RestoreRequest.of(each.id(), target), Sandbox.SILENT)
                                .damaged())
                        .isFalse();
                TreeListing.of(target.resolve("golden")).forEach(line -> lines.add(each.id() + " " + line));
            }
            assertThat(repository
                            .verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }
        assertThat(lines).isNotEmpty().isEqualTo(listing());
    }

    @Test
    void whatItIsAboutIsInIt() throws IOException {
        byte[] placement = store.readAll(ObjectName.of("p/01"));
        var packs = new PackReader(store, repositoryId(), indexKey());

        assertThat(Envelope.unwrap(placement).kind()).isEqualTo(Envelope.Kind.PLACEMENT);
        assertThat(store.names("p/")).hasSize(2);
        Set<String> classes = store.names(PackKind.DATA.prefix()).stream()
                .map(packs::describe)
                .map(each -> each.domain() + " " + each.placement())
                .collect(Collectors.toSet());
        assertThat(classes).hasSize(4);
        assertThat(store.names(PackKind.DATA.prefix()).stream()
                        .map(packs::describe)
                        .map(PackReader.Described::generation))
                .contains(0, 700);
    }

    private byte[] repositoryId() throws IOException {
        return Envelope.unwrap(store.readAll(ObjectName.of("p/01"))).repository();
    }

    private byte[] indexKey() {
        return org.medbackup.engine.internal.keys.KeyFile.read(exported()).indexKey();
    }

    private Secret exported() {
        try (Repository repository = open()) {
            return repository.keys().exportRecovery();
        }
    }

    @Test
    void aNewBackupJoinsItInItsClasses() throws IOException {
        int classes = store.names("p/").size();
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.write(source.resolve("today.chart"), "today".getBytes(UTF_8));
        String id;
        try (Repository repository = open()) {
            id = repository
                    .backup(
                            BackupRequest.of("golden", List.of(Sandbox.path(source)))
                                    .placedBy(new GoldenPlacements.ByExtension()),
                            Sandbox.SILENT)
                    .snapshot();
            repository.restore(RestoreRequest.of(id, temp.resolve("new")), Sandbox.SILENT);
        }
        assertThat(temp.resolve("new" + source + "/today.chart")).hasContent("today");
        assertThat(store.names("p/")).hasSize(classes);
    }

    @Test
    void theGoldenFileIsTheOneThatWasCommitted() throws IOException {
        try (InputStream zip = resource("repository.zip");
                InputStream sum = resource("sha256.txt")) {
            assertThat(HexFormat.of().formatHex(Crypto.sha256(zip.readAllBytes())))
                    .isEqualTo(new String(sum.readAllBytes(), UTF_8).strip());
        }
    }
}
