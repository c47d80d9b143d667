package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.FileTree;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.TreeOnDisk;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/**
 * Makes a golden repository of the format as the code stands. Run once for each version of the format, never again for
 * one that was released; as root, so that owners and device nodes are in it.
 */
final class GoldenRepository {

    static final String PASSWORD = "golden";

    /** Where the files lie in the restore points. */
    static final String SOURCE = "golden";

    private GoldenRepository() {}

    /** Long enough to be cut for itself, and compressible enough for a small golden file. */
    private static byte[] repeated(int run) {
        byte[] text = Bytes.text(7, 20_000);
        var large = new byte[14 * text.length + run * 1000];
        for (int at = 0; at < large.length; at += text.length) {
            System.arraycopy(text, 0, large, at, Math.min(text.length, large.length - at));
        }
        return large;
    }

    /** Writes {@code repository.zip}, {@code listing.txt}, {@code writer.key} and {@code sha256.txt} into a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path work = Files.createTempDirectory("golden");
        var store = new MemoryStore();
        EngineContext context = Sandbox.context(work.resolve("state"));
        Repository.Created created = Repository.create(store, context, Secret.ofText(PASSWORD), 1000);
        var writer = new Credential.KeyFile(created.writerKey());
        var lines = new ArrayList<String>();
        FileTree tree = RandomTree.of(1, new RandomTree.Shape(30, 2_000, true));
        for (int i = 0; i < 2; i++) {
            Path source = Files.createDirectory(work.resolve("source" + i));
            TreeOnDisk.write(tree, source);
            Files.write(source.resolve("large.img"), repeated(i));
            Files.setLastModifiedTime(source.resolve("large.img"), FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
            Files.setLastModifiedTime(source, FileTime.from(Instant.ofEpochSecond(1_700_000_001L + i)));
            String id;
            try (Repository repository = Repository.open(store, context, writer, Sandbox.SILENT);
                    AssembledBackup backup =
                            repository.assemble(BackupRequest.of("golden", List.of()), Sandbox.SILENT)) {
                backup.tree(new TreeCopy(
                        source, PathBytes.of("/" + SOURCE), Selection.ALL, i == 0 ? Cut.CONTENT : Cut.PAGES, false));
                id = backup.commit(ConsistencyLevel.FILE_LEVEL, new java.util.TreeMap<>())
                        .snapshot();
            }
            try (Repository repository =
                    Repository.open(store, context, new Credential.Password(Secret.ofText(PASSWORD)), Sandbox.SILENT)) {
                repository.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT);
                Path target = work.resolve("out" + i);
                repository.restore(RestoreRequest.of(id, target), Sandbox.SILENT);
                TreeListing.of(target.resolve(SOURCE)).forEach(line -> lines.add(id + " " + line));
            }
            tree = tree.edit(2);
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("repository.zip"));
                var zip = new ZipOutputStream(out)) {
            for (ObjectName name : store.names()) {
                zip.putNextEntry(new ZipEntry(name.text()));
                zip.write(store.readAll(name));
            }
        }
        Files.writeString(folder.resolve("listing.txt"), String.join("\n", lines) + "\n");
        created.writerKey().use(text -> {
            try {
                return Files.writeString(folder.resolve("writer.key"), new String(text, UTF_8));
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
        byte[] zip = Files.readAllBytes(folder.resolve("repository.zip"));
        Files.writeString(folder.resolve("sha256.txt"), HexFormat.of().formatHex(Crypto.sha256(zip)) + "\n");
    }
}
