package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.TreeOnDisk;
import org.medbackup.engine.RepositoryOptions.Signatures;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;

/**
 * Made the golden repositories in {@code golden/v1-history}, in which everything has happened that can happen to one: one
 * for each way of signing. Run once, as root, when the format was complete; never again, since then they would no longer
 * show that what was written is read. {@code README.md} beside them says what is in them.
 */
final class GoldenHistory {

    static final String PASSWORD = "golden, after the rotation";
    static final String SOURCE = GoldenRepository.SOURCE;
    private static final String FIRST_PASSWORD = "golden, before the rotation";
    private static final Instant THEN = Instant.ofEpochSecond(1_700_000_000);

    private final Path work;
    private final Path folder;
    private final MemoryStore store = new MemoryStore();
    private final EngineContext context;
    private final List<String> story = new ArrayList<>();
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private int sources;

    private GoldenHistory(Path work, Path folder) {
        this.work = work;
        this.folder = folder;
        this.context = Sandbox.context(work.resolve("state"));
    }

    /** Makes both below a folder that must be empty. */
    public static void main(String[] arguments) throws IOException {
        for (Signatures signatures : Signatures.values()) {
            Path folder = Path.of(arguments[0]).resolve(signatures.name().toLowerCase(Locale.ROOT));
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder);
            new GoldenHistory(Files.createTempDirectory("golden"), folder).make(signatures);
        }
    }

    private Repository open(ObjectStore from, EngineContext machine, Secret keyFile) {
        return Repository.open(from, machine, new Credential.KeyFile(keyFile), Sandbox.SILENT);
    }

    private Repository owner(String password) {
        return Repository.open(store, context, new Credential.Password(Secret.ofText(password)), Sandbox.SILENT);
    }

    /** Long enough to be cut for itself, and compressible enough for a small golden file. */
    private static byte[] large(int seed) {
        byte[] text = Bytes.text(seed, 2_000);
        var large = new byte[140 * text.length];
        for (int at = 0; at < large.length; at += text.length) {
            System.arraycopy(text, 0, large, at, text.length);
        }
        return large;
    }

    private static void file(Path path, byte[] content) throws IOException {
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.from(THEN));
    }

    /** A tree with these large files in it. */
    private Path source(int... large) throws IOException {
        Path source = Files.createDirectory(work.resolve("source" + sources++));
        TreeOnDisk.write(RandomTree.of(2, new RandomTree.Shape(10, 300, true)), source);
        for (int seed : large) {
            file(source.resolve("large-" + seed + ".img"), large(seed));
        }
        file(source.resolve("note.txt"), ("backup " + sources).getBytes(UTF_8));
        Files.setLastModifiedTime(source, FileTime.from(THEN));
        return source;
    }

    private String backup(Repository repository, String name, Cut cut, Path source) {
        try (AssembledBackup backup = repository.assemble(BackupRequest.of(name, List.of()), Sandbox.SILENT)) {
            backup.tree(new TreeCopy(source, PathBytes.of("/" + SOURCE), Selection.ALL, cut, false));
            return backup.commit(ConsistencyLevel.FILE_LEVEL, new TreeMap<>()).snapshot();
        }
    }

    private String backup(Secret writer, String name, Cut cut, Path source) {
        try (Repository repository = open(store, context, writer)) {
            return backup(repository, name, cut, source);
        }
    }

    /** From the call that a plan names on, nothing reaches the store any more. */
    private FaultyStore dyingAfter(Call last, String prefix) {
        var dead = new boolean[1];
        return new FaultyStore(store, (call, name, number) -> {
            if (dead[0]) {
                return Fault.FAILS;
            }
            dead[0] = call == last && name.startsWith(prefix);
            return Fault.NONE;
        });
    }

    private static void dies(Runnable work) {
        try {
            work.run();
        } catch (BackupException dead) {
            if (dead.code() == ErrorCode.STORE_UNAVAILABLE) {
                return;
            }
            throw dead;
        }
        throw new IllegalStateException("it did not die");
    }

    private void make(Signatures signatures) throws IOException {
        Repository.Created created = Repository.create(
                store,
                context,
                Secret.ofText(FIRST_PASSWORD),
                new RepositoryOptions(KeyDerivation.ARGON2ID, signatures));
        Secret early = created.writerKey();
        Secret leaver;
        String forgotten;
        String kept;
        try (Repository owner = owner(FIRST_PASSWORD)) {
            leaver = owner.keys().addRecipient(KeyRole.WRITER, "leaver");
            forgotten = backup(early, "golden", Cut.CONTENT, source(1, 2));
            kept = backup(leaver, "golden", Cut.CONTENT, source(1));
            owner.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT);
            owner.keys().rotate(Secret.ofText(PASSWORD), KeyDerivation.ARGON2ID, true);
        }
        try (Repository owner = owner(PASSWORD)) {
            Secret maintainer = owner.keys().addRecipient(KeyRole.MAINTAINER, "maintainer");
            Secret writer = owner.keys().addRecipient(KeyRole.WRITER, "writer after the rotation");
            Secret reader = owner.keys().addRecipient(KeyRole.READER, "reader");
            String gone = backup(early, "golden", Cut.CONTENT, source(1, 4));
            String pages = backup(writer, "golden", Cut.PAGES, source(1, 3));
            String own = backup(owner, "of the owner", Cut.CONTENT, source());
            revoke(owner);
            byte[] slot = store.readAll(Slots.slot(forgotten));
            String fenced = backupThatDies(early);
            owner.forget(Set.of(forgotten), false, Sandbox.SILENT);
            compact(maintainer);
            collectionThatDies(owner, gone, maintainer);
            restoreThatDies(reader, pages);
            // It would have stopped the collections.
            String refused = backup(leaver, "golden", Cut.CONTENT, source(1));
            // Somebody who still had it put it back.
            store.overwrite(Slots.copy(forgotten), slot);
            store.overwrite(Slots.slot(forgotten), slot);
            for (String point : List.of(kept, pages, own)) {
                story.add("there " + point);
            }
            story.addAll(List.of("forgotten " + forgotten, "refused " + refused, "fenced " + fenced));
            list(owner, List.of(kept, pages, own));
            keep("writer.key", writer);
            keep("maintainer.key", maintainer);
            keep("reader.key", reader);
        }
        write();
    }

    private static void revoke(Repository owner) {
        owner.keys().list(Sandbox.SILENT).stream()
                .filter(key -> key.name().equals("leaver"))
                .forEach(key -> owner.keys().revoke(key.id(), Sandbox.SILENT));
    }

    /** Three days ago, between the copy of its manifest and its slot. */
    private String backupThatDies(Secret writer) throws IOException {
        EngineContext before = Sandbox.later(context, Duration.ofDays(-3));
        Set<ObjectName> copies = new TreeSet<>(store.names(Slots.COPIES));
        Path source = source(5);
        dies(() -> {
            try (Repository repository = open(dyingAfter(Call.PUT, Slots.COPIES), before, writer)) {
                backup(repository, "a source that died", Cut.CONTENT, source);
            }
        });
        return store.names(Slots.COPIES).stream()
                .filter(name -> !copies.contains(name))
                .map(name -> name.text().substring(2))
                .findFirst()
                .orElseThrow();
    }

    private void compact(Secret maintainer) {
        Set<ObjectName> before = new TreeSet<>(store.names("d/"));
        CollectResult result;
        try (Repository operator = open(store, context, maintainer)) {
            result = operator.collect(CollectRequest.usual(), Sandbox.SILENT);
            operator.verify(VerifyLevel.CIPHERTEXT, 1, Set.of(), Sandbox.SILENT);
        }
        if (result.packs().rewritten() == 0) {
            throw new IllegalStateException("nothing was written anew");
        }
        store.names("d/").stream()
                .filter(name -> !before.contains(name))
                .forEach(name -> story.add("compacted " + name.text()));
    }

    private void collectionThatDies(Repository owner, String gone, Secret maintainer) {
        if (owner.forget(Set.of(gone), false, Sandbox.SILENT).removed().isEmpty()) {
            throw new IllegalStateException("nothing was given up");
        }
        dies(() -> {
            try (Repository operator = open(dyingAfter(Call.DELETE, "d/"), context, maintainer)) {
                operator.collect(CollectRequest.usual(), Sandbox.SILENT);
            }
        });
    }

    /** What it reads stays held until its lease ends. */
    private void restoreThatDies(Secret reader, String point) {
        dies(() -> {
            try (Repository repository = open(dyingAfter(Call.READ, "d/"), context, reader)) {
                repository.restore(RestoreRequest.of(point, work.resolve("died")), Sandbox.SILENT);
            }
        });
    }

    private void list(Repository owner, List<String> points) throws IOException {
        var lines = new ArrayList<String>();
        for (String point : points) {
            Path target = work.resolve("out-" + point);
            RestoreResult result = owner.restore(RestoreRequest.of(point, target), Sandbox.SILENT);
            if (result.damaged() || !result.failures().isEmpty()) {
                throw new IllegalStateException("it does not come back: " + result);
            }
            TreeListing.of(target.resolve(SOURCE)).forEach(line -> lines.add(point + " " + line));
        }
        files.put("listing.txt", (String.join("\n", lines) + "\n").getBytes(UTF_8));
        files.put("story.txt", (String.join("\n", story) + "\n").getBytes(UTF_8));
    }

    private void keep(String name, Secret key) {
        key.use(text -> files.put(name, text.clone()));
    }

    /** What stands twice lies side by side, so that it is packed once. */
    private static String packed(ObjectName name) {
        return name.text().replaceFirst("^c/", "s/").replace(".2", "") + " " + name;
    }

    private void write() throws IOException {
        Path archive = folder.resolve("history.zip.gz");
        try (OutputStream out = Files.newOutputStream(archive);
                var zip = new ZipOutputStream(new GZIPOutputStream(out) {
                    {
                        def.setLevel(Deflater.BEST_COMPRESSION);
                    }
                })) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            store.names().stream()
                    .sorted(Comparator.comparing(GoldenHistory::packed))
                    .forEach(name -> {
                        files.put("repository/" + name, store.readAll(name));
                        entry(zip, "repository/" + name);
                    });
            files.headMap("repository/").keySet().forEach(name -> entry(zip, name));
            files.tailMap("repository0").keySet().forEach(name -> entry(zip, name));
        }
        Files.writeString(
                folder.resolve("sha256.txt"),
                HexFormat.of().formatHex(Crypto.sha256(Files.readAllBytes(archive))) + "\n");
    }

    private void entry(ZipOutputStream zip, String name) {
        try {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(Objects.requireNonNull(files.get(name)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
