package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.Secret;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.RepositorySuspicions.Subject;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * Makes a golden repository with suspicions, of which one was cleared. Run once into an empty folder; what it made is never
 * made again.
 */
final class GoldenSuspicions {

    static final String PASSWORD = "golden suspicions";

    private GoldenSuspicions() {}

    /** What stands, one line each. */
    static List<String> lines(Repository repository) {
        var lines = new ArrayList<String>();
        for (Suspicion each : repository.suspicions().standing()) {
            lines.add(String.join(
                    "|",
                    each.snapshot(),
                    each.source(),
                    each.host(),
                    each.since().toString(),
                    each.by(),
                    String.join(",", each.signs()),
                    each.clean()));
        }
        repository.suspicions().cleared().forEach(id -> lines.add("cleared|" + id));
        repository
                .snapshots(Sandbox.SILENT)
                .forEach(each -> lines.add("signs|" + each.id() + "|"
                        + each.signs().map(SourceSigns::text).orElse("")));
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
            RepositorySuspicions suspicions = repository.suspicions();
            suspicions.suspect(new Subject(ids.get(0), "golden", "test-host"), List.of("SWEEP"), "one", "", policy);
            suspicions.suspect(
                    new Subject(ids.get(2), "golden", "test-host"),
                    List.of("RANDOM_CONTENT", "CHANGED_BYTES"),
                    "\u00e9t\u00e9",
                    ids.get(1),
                    policy);
            suspicions.clear(ids.get(0), "settled", "bert", policy);
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
