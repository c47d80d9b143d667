package org.medbackup.store.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The real file system, with a record of every call, from which it tells what a power cut may leave: of a content that was
 * not forced any part, torn anywhere, and of the names in a folder that was not synced since any choice. That is less than
 * what the file systems of Linux promise. Not safe for use by several threads.
 */
final class RecordedDisk implements Disk {

    /** A call that was made. */
    sealed interface Call {

        record Create(Path file) implements Call {}

        record Write(Path file, byte[] bytes) implements Call {}

        record Force(Path file) implements Call {}

        record MakeFolder(Path folder) implements Call {}

        record Link(Path name, Path existing) implements Call {}

        record Remove(Path file) implements Call {}

        record Sync(Path folder) implements Call {}
    }

    private final Path base;
    private final List<Call> calls = new ArrayList<>();
    private Consumer<Call> after = call -> {};

    /** Records what happens below a folder that is durable itself. */
    RecordedDisk(Path base) {
        this.base = base;
    }

    /** Lets somebody else act after each call. */
    void after(Consumer<Call> other) {
        after = other;
    }

    int calls() {
        return calls.size();
    }

    private void made(Call call) {
        calls.add(call);
        after.accept(call);
    }

    @Override
    public NewFile create(Path file) throws IOException {
        NewFile real = Disk.real().create(file);
        made(new Call.Create(file));
        return new NewFile() {
            @Override
            public long size() throws IOException {
                return real.size();
            }

            @Override
            public void force() {
                // Nothing is lost here, so that nothing need be made durable.
                made(new Call.Force(file));
            }

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                var copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                int written = real.write(bytes);
                made(new Call.Write(file, Arrays.copyOf(copy, written)));
                return written;
            }

            @Override
            public boolean isOpen() {
                return real.isOpen();
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        };
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        Disk.real().makeFolder(folder);
        made(new Call.MakeFolder(folder));
    }

    @Override
    public void link(Path name, Path existing) throws IOException {
        Disk.real().link(name, existing);
        made(new Call.Link(name, existing));
    }

    @Override
    public boolean remove(Path file) throws IOException {
        boolean existed = Disk.real().remove(file);
        if (existed) {
            made(new Call.Remove(file));
        }
        return existed;
    }

    @Override
    public void sync(Path folder) {
        made(new Call.Sync(folder));
    }

    /** A file or folder without a name. */
    private static final class Inode {
        private final boolean folder;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private int forced;
        private final Map<String, Inode> names = new TreeMap<>();
        private final Map<String, Inode> durable = new TreeMap<>();
        private final List<Map.Entry<String, @Nullable Inode>> pending = new ArrayList<>();

        Inode(boolean folder) {
            this.folder = folder;
        }

        void name(String name, @Nullable Inode inode) {
            if (inode == null) {
                names.remove(name);
            } else {
                names.put(name, inode);
            }
            pending.add(new java.util.AbstractMap.SimpleEntry<>(name, inode));
        }

        void sync() {
            durable.clear();
            durable.putAll(names);
            pending.clear();
        }

        /** What is left of it: what was forced, and of the rest a torn part. */
        byte[] left(Random random, long choice) {
            byte[] all = content.toByteArray();
            if (forced == all.length || choice == 1) {
                return all;
            }
            if (choice == 0) {
                return Arrays.copyOf(all, forced);
            }
            int kept = forced + random.nextInt(all.length - forced + 1);
            // Blocks reach the disk in any order: a later one may be there and an earlier one zeros.
            byte[] torn = Arrays.copyOf(all, random.nextBoolean() ? kept : all.length);
            if (kept < torn.length) {
                Arrays.fill(torn, forced, kept, (byte) 0);
            }
            return torn;
        }
    }

    /**
     * The files, by their paths below the base, that are there when the power returns.
     *
     * @param call the power was cut after so many calls
     * @param choice 0 drops all that is not durable, 1 keeps all of it, others keep some
     */
    Map<Path, byte[]> left(int call, long choice) {
        var random = new Random(choice * 0x9E3779B97F4A7C15L + call);
        var root = new Inode(true);
        for (Call each : calls.subList(0, call)) {
            replay(root, each);
        }
        Map<Path, byte[]> files = new HashMap<>();
        collect(root, Path.of(""), random, choice, files);
        return files;
    }

    private void replay(Inode root, Call call) {
        switch (call) {
            case Call.Create create -> folderOf(root, create.file).name(last(create.file), new Inode(false));
            case Call.Write write -> at(root, write.file).content.writeBytes(write.bytes);
            case Call.Force force ->
                at(root, force.file).forced = at(root, force.file).content.size();
            case Call.MakeFolder made -> folderOf(root, made.folder).name(last(made.folder), new Inode(true));
            case Call.Link link -> folderOf(root, link.name).name(last(link.name), at(root, link.existing));
            case Call.Remove remove -> folderOf(root, remove.file).name(last(remove.file), null);
            case Call.Sync sync -> {
                if (sync.folder.startsWith(base)) {
                    at(root, sync.folder).sync();
                }
            }
        }
    }

    private static String last(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }

    private Inode folderOf(Inode root, Path path) {
        return at(root, Objects.requireNonNull(path.getParent()));
    }

    private Inode at(Inode root, Path path) {
        Inode inode = root;
        if (!path.equals(base)) {
            for (Path part : base.relativize(path)) {
                inode = Objects.requireNonNull(inode.names.get(part.toString()), path.toString());
            }
        }
        return inode;
    }

    private static void collect(Inode folder, Path path, Random random, long choice, Map<Path, byte[]> files) {
        var names = new TreeMap<>(folder.durable);
        for (Map.Entry<String, @Nullable Inode> change : folder.pending) {
            if (choice == 1 || choice != 0 && random.nextBoolean()) {
                Inode inode = change.getValue();
                if (inode == null) {
                    names.remove(change.getKey());
                } else {
                    names.put(change.getKey(), inode);
                }
            }
        }
        names.forEach((name, inode) -> {
            if (inode.folder) {
                collect(inode, path.resolve(name), random, choice, files);
            } else {
                files.put(path.resolve(name), inode.left(random, choice));
            }
        });
    }
}
