package org.medbackup.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * Each object is a file of its name. A put writes a file below {@code .tmp}, makes it durable, gives it its name by
 * link(2), which fails where the name is taken, and makes the folder durable. What a killed writer leaves below
 * {@code .tmp} is never an object; it is removed when it is a week old.
 */
final class FileStore implements ObjectStore {

    private static final String TEMPORARY = ".tmp";
    private static final Duration LEFT_OVER = Duration.ofDays(7);

    private final Path root;
    private final TimeSource time;

    FileStore(Path root, TimeSource time) {
        this.time = time;
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        Path target = path(name);
        Path temporary = root.resolve(TEMPORARY).resolve(UUID.randomUUID().toString());
        try {
            if (Files.exists(target)) {
                return PutOutcome.EXISTED;
            }
            makeFolders(root.resolve(TEMPORARY));
            try {
                write(temporary, content);
                return link(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException failed) {
            throw translate(failed, "put").with("object", name);
        }
    }

    private PutOutcome link(Path temporary, Path target) throws IOException {
        Path folder = folderOf(target);
        try {
            try {
                Files.createLink(target, temporary);
            } catch (NoSuchFileException missingFolder) {
                makeFolders(folder);
                Files.createLink(target, temporary);
            }
        } catch (FileAlreadyExistsException taken) {
            // Over NFS the reply to a link that succeeded can be lost and the repetition finds its own work.
            if (!Files.isSameFile(target, temporary)) {
                sync(folder);
                return PutOutcome.EXISTED;
            }
        }
        sync(folder);
        return PutOutcome.CREATED;
    }

    private static void write(Path file, ObjectContent content) throws IOException {
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            content.writeTo(channel);
            if (channel.size() != content.length()) {
                throw new IOException("the content is not as long as it says");
            }
            channel.force(false);
        }
    }

    /** Makes a folder and those above it, each durable in its parent. */
    private void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            makeFolders(parent);
        }
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException meanwhile) {
            if (!Files.isDirectory(folder)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
            int done = 0;
            while (target.hasRemaining()) {
                int got = channel.read(target, offset + done);
                if (got < 0) {
                    break;
                }
                done += got;
            }
            return done;
        } catch (IOException failed) {
            throw translate(failed, "read").with("object", name);
        }
    }

    @Override
    public OptionalLong length(ObjectName name) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(name), BasicFileAttributes.class);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException absent) {
            return OptionalLong.empty();
        } catch (IOException failed) {
            throw translate(failed, "look up").with("object", name);
        }
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        int slash = prefix.lastIndexOf('/');
        String folder = slash < 0 ? "" : prefix.substring(0, slash);
        try {
            list(folder.isEmpty() ? root : root.resolve(folder), folder, prefix, visitor);
        } catch (IOException failed) {
            throw translate(failed, "list").with("prefix", prefix);
        }
    }

    private void list(Path folder, String name, String prefix, Consumer<ObjectInfo> visitor) throws IOException {
        for (Entry entry : entries(folder, name)) {
            boolean inside = entry.name.startsWith(prefix);
            if (entry.folder && (inside || prefix.startsWith(entry.name + "/"))) {
                list(root.resolve(entry.name), entry.name, prefix, visitor);
            } else if (!entry.folder && inside) {
                visitor.accept(new ObjectInfo(ObjectName.of(entry.name), entry.length));
            }
        }
    }

    private record Entry(String name, boolean folder, long length) {

        /** The order of the names below: a folder's names begin with its own and a slash. */
        String key() {
            return folder ? name + "/" : name;
        }
    }

    private static List<Entry> entries(Path folder, String name) throws IOException {
        var entries = new ArrayList<Entry>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                String full = (name.isEmpty() ? "" : name + "/") + path.getFileName();
                if (!ObjectName.isName(full)) {
                    continue;
                }
                try {
                    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    entries.add(new Entry(full, attributes.isDirectory(), attributes.size()));
                } catch (NoSuchFileException deletedMeanwhile) {
                    // Gone since the folder was read: not there.
                }
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return List.of();
        }
        entries.sort(Comparator.comparing(Entry::key));
        return entries;
    }

    @Override
    public boolean delete(ObjectName name) {
        Path target = path(name);
        try {
            boolean existed = Files.deleteIfExists(target);
            if (existed) {
                sync(folderOf(target));
            }
            return existed;
        } catch (IOException failed) {
            throw translate(failed, "delete").with("object", name);
        }
    }

    @Override
    public boolean isEmpty() {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(root)) {
            for (Path path : paths) {
                if (!path.getFileName().toString().equals(TEMPORARY)) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException absent) {
            return true;
        } catch (NotDirectoryException somethingElse) {
            return false;
        } catch (IOException failed) {
            throw translate(failed, "look up");
        }
    }

    /** Removes what killed writers left; nobody needs an unfinished put a week later. */
    @Override
    public void close() {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(root.resolve(TEMPORARY))) {
            for (Path path : paths) {
                Instant written = Files.getLastModifiedTime(path).toInstant();
                if (written.plus(LEFT_OVER).isBefore(time.now())) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException best) {
            // Only tidying: what cannot be removed now is removed another day.
        }
    }

    /** Every object lies below the root, so its folder is the root at the least. */
    private Path folderOf(Path target) {
        Path folder = target.getParent();
        return folder == null ? root : folder;
    }

    private Path path(ObjectName name) {
        return root.resolve(name.text());
    }

    private BackupException translate(IOException failed, String act) {
        if (failed instanceof NoSuchFileException) {
            return ErrorCode.OBJECT_MISSING.because("it is not in the folder", failed);
        }
        if (failed instanceof NotDirectoryException) {
            return ErrorCode.STORE_UNAVAILABLE.because("a part of the path is no folder", failed);
        }
        String reason = failed instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(failed.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        return (full ? ErrorCode.NO_SPACE : ErrorCode.STORE_UNAVAILABLE)
                .because("cannot " + act + ": " + reason, failed)
                .with("store", location());
    }
}
