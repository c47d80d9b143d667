package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * Makes a golden repository of which the files lie in several classes of placement and key domains. Run once into an empty
 * folder; what it made is never made again.
 */
final class GoldenPlacements {

    static final String PASSWORD = "golden placements";
    static final String DOMAIN = "part2";

    private static final int POINTS = 10;

    private GoldenPlacements() {}

    /** The extension of a file says where it belongs; files without one are not placed. */
    static final class ByExtension implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            String path = file.path().toString();
            return switch (path.substring(path.lastIndexOf('.') + 1)) {
                case "chart" -> new Placement("default", "vault", "chart", 700);
                case "notes" -> new Placement(DOMAIN, "vault", "chart", 700);
                case "scan" -> new Placement("default", "archive", "imaging", 0);
                default -> Placement.DEFAULT;
            };
        }

        @Override
        public int lockGeneration() {
            return 700;
        }

        @Override
        public String digest() {
            return "0123456789abcdef".repeat(4);
        }
    }

    private static void file(Path folder, String name, byte[] content, int second) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000L + second)));
    }

    /** Writes {@code repository.zip}, {@code listing.txt} and {@code sha256.txt} into a folder that is not there. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectory(Path.of(arguments[0]));
        Path work = Files.createTempDirectory("golden");
        var store = new MemoryStore();
        EngineContext context = Sandbox.context(work.resolve("state"));
        Repository.create(store, context, Secret.ofText(PASSWORD), 1000);
        var owner = new Credential.Password(Secret.ofText(PASSWORD));
        try (Repository repository = Repository.open(store, context, owner, Sandbox.SILENT)) {
            repository.keys().addDomain(DOMAIN, Secret.ofText(PASSWORD), 1000);
        }
        var lines = new ArrayList<String>();
        for (int i = 0; i < POINTS; i++) {
            if (i == POINTS - 1) {
                // So many small packs of one class are joined, and the last restore point has packs of its own.
                try (Repository repository = Repository.open(store, context, owner, Sandbox.SILENT)) {
                    repository.collect(CollectRequest.usual(), Sandbox.SILENT);
                }
            }
            Path source = Files.createDirectory(work.resolve("source" + i));
            byte[] same = Bytes.text(7, 3000);
            for (String kind : new String[] {"chart", "notes", "scan"}) {
                file(source, "same." + kind, same, 1);
                file(source, "of-" + i + "." + kind, Bytes.text(i + kind.length(), 2000), 2);
            }
            file(source, "plain", same, 3);
            Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(1_700_000_000L)));
            try (Repository repository = Repository.open(store, context, owner, Sandbox.SILENT)) {
                String id;
                BackupRequest request =
                        BackupRequest.of("golden", java.util.List.of()).placedBy(new ByExtension());
                try (AssembledBackup backup = repository.assemble(request, Sandbox.SILENT)) {
                    backup.tree(new TreeCopy(source, PathBytes.of("/golden"), Selection.ALL, Cut.CONTENT, false));
                    id = backup.commit(ConsistencyLevel.FILE_LEVEL, new TreeMap<>())
                            .snapshot();
                }
                Path target = work.resolve("out" + i);
                repository.restore(RestoreRequest.of(id, target), Sandbox.SILENT);
                TreeListing.of(target.resolve("golden")).forEach(line -> lines.add(id + " " + line));
            }
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
        Files.writeString(folder.resolve("listing.txt"), String.join("\n", lines) + "\n", UTF_8);
        byte[] zip = Files.readAllBytes(folder.resolve("repository.zip"));
        Files.writeString(folder.resolve("sha256.txt"), HexFormat.of().formatHex(Crypto.sha256(zip)) + "\n");
    }
}
