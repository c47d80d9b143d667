package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * Makes a golden repository with legal holds, of which one was released. Run once into an empty folder; what it made is never
 * made again.
 */
final class GoldenHolds {

    static final String PASSWORD = "golden holds";

    private GoldenHolds() {}

    /** What stands, one line each. */
    static List<String> lines(Repository repository) {
        var lines = new ArrayList<String>();
        for (LegalHold each : repository.holds().list()) {
            LegalHold.Selector selector = each.selector();
            lines.add(String.join(
                    "|",
                    each.id(),
                    each.matter(),
                    each.by(),
                    each.since().toString(),
                    String.join(",", selector.snapshots().stream().sorted().toList()),
                    selector.source(),
                    selector.host(),
                    String.join(",", selector.paths()),
                    selector.from().map(Instant::toString).orElse(""),
                    selector.until().map(Instant::toString).orElse("")));
        }
        return lines;
    }

    /** Writes {@code repository.zip}, {@code listing.txt} and {@code sha256.txt} into a folder that is not there. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectory(Path.of(arguments[0]));
        Path work = Files.createTempDirectory("golden");
        var store = new MemoryStore();
        EngineContext context = Sandbox.context(work.resolve("state"));
        Repository.create(store, context, Secret.ofText(PASSWORD), 1000);
        Path source = Files.createDirectory(work.resolve("source"));
        var owner = new Credential.Password(Secret.ofText(PASSWORD));
        try (Repository repository = Repository.open(store, context, owner, Sandbox.SILENT)) {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                Files.writeString(source.resolve("file"), "content " + i);
                ids.add(repository
                        .backup(BackupRequest.of("golden", List.of(Sandbox.path(source))), Sandbox.SILENT)
                        .snapshot());
            }
            PlacementPolicy policy = PlacementPolicy.single();
            repository
                    .holds()
                    .place("one restore point", "anne", LegalHold.Selector.of(Set.of(ids.getFirst())), policy);
            var all = new LegalHold.Selector(
                    Set.of(ids.get(0), ids.get(1)),
                    "golden",
                    "test-host",
                    List.of("/", "/srv/\u00fcber"),
                    Optional.of(Instant.parse("2020-01-01T00:00:00Z")),
                    Optional.of(Instant.parse("2999-12-31T23:59:59.999Z")));
            repository.holds().place("everything that can be asked, \u00e9t\u00e9", "bert", all, policy);
            LegalHold released = repository.holds().place("over", "anne", LegalHold.Selector.ALL, policy);
            repository.holds().release(released.id(), "settled", "bert", policy);
            Files.writeString(folder.resolve("listing.txt"), String.join("\n", lines(repository)) + "\n", UTF_8);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("repository.zip"));
                var zip = new ZipOutputStream(out)) {
            for (ObjectName name : store.names()) {
                ZipEntry entry = new ZipEntry(name.text());
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(store.readAll(name));
            }
        }
        byte[] zip = Files.readAllBytes(folder.resolve("repository.zip"));
        Files.writeString(folder.resolve("sha256.txt"), HexFormat.of().formatHex(Crypto.sha256(zip)) + "\n");
    }
}
