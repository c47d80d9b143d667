package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * Makes a golden repository with two versions of rules of access and an approval that was used up. Run once into an empty folder; what it made is never
 * made again.
 */
final class GoldenAccess {

    static final String PASSWORD = "golden access";

    static final String USED = "ab".repeat(16);

    private GoldenAccess() {}

    /** What lies there, one line each. */
    static List<String> lines(Repository repository) {
        return repository.rules().rules().stream()
                .map(each -> each.version() + "|" + each.text())
                .toList();
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
            Files.writeString(source.resolve("file"), "content");
            repository.backup(BackupRequest.of("golden", List.of(Sandbox.path(source))), Sandbox.SILENT);
            PlacementPolicy policy = PlacementPolicy.single();
            repository.rules().put(1, "anna may", policy);
            repository.rules().put(2, "\u00e9t\u00e9 may too", policy);
            repository.rules().useUp(USED);
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
