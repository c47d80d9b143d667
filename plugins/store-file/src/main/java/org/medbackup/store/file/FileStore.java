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
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle;

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
    private final Disk disk;
    private final Throttle throttle;

    /** Folders whose names this store has made durable up to its root. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    FileStore(Path root, TimeSource time) {
        this(root, time, Throttle.none());
    }

    FileStore(Path root, TimeSource time, Throttle throttle) {
        this(root, time, Disk.real(), throttle);
    }

    FileStore(Path root, TimeSource time, Disk disk) {
        this(root, time, disk, Throttle.none());
    }

    private FileStore(Path root, TimeSource time, Disk disk, Throttle throttle) {
        this.throttle = throttle;
        this.time = time;
        this.disk = disk;
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
                return existed(target);
            }
            makeFolders(root.resolve(TEMPORARY));
            try {
                write(temporary, content);
                return link(temporary, target);
            } finally {
                disk.remove(temporary);
            }
        } catch (IOException failed) {
            throw translate(failed, "put").with("object", name);
        }
    }

    /** Whoever put it may not have come to make its name durable; our answer says that it is there. */
    private PutOutcome existed(Path target) throws IOException {
        makeDurable(folderOf(target));
        disk.sync(folderOf(target));
        return PutOutcome.EXISTED;
    }

    private PutOutcome link(Path temporary, Path target) throws IOException {
        Path folder = folderOf(target);
        makeDurable(folder);
        try {
            try {
                disk.link(target, temporary);
            } catch (NoSuchFileException folderRemoved) {
                durable.clear();
                makeDurable(folder);
                disk.link(target, temporary);
            }
        } catch (FileAlreadyExistsException taken) {
            if (!isLinked(temporary, target)) {
                return existed(target);
            }
        }
        disk.sync(folder);
        return PutOutcome.CREATED;
    }

    /**
     * Whether the link that found its name taken made it itself: over NFS the reply to a link that succeeded can be lost,
     * and the kernel's repetition finds its own work. Nobody else links the temporary file, so a second link of it says
     * the same where the client's cache still shows an older file under the name.
     */
    private static boolean isLinked(Path temporary, Path target) throws IOException {
        return Files.isSameFile(target, temporary)
                || Files.getAttribute(temporary, "unix:nlink") instanceof Integer links && links > 1;
    }

    private void write(Path file, ObjectContent content) throws IOException {
        try (Disk.NewFile written = disk.create(file)) {
            content.writeTo(new PacedChannel(written, throttle, Throttle.Resource.DISK_WRITE));
            if (written.size() != content.length()) {
                throw new IOException("the content is not as long as it says");
            }
            written.force();
        }
    }

    /**
     * Makes sure that a folder below the root is there and its name durable. That it is there says nothing: another
     * process may have made it and not have come to make that durable.
     */
    private void makeDurable(Path folder) throws IOException {
        if (folder.equals(root)) {
            makeFolders(root);
        } else if (!durable.contains(folder)) {
            Path parent = folderOf(folder);
            makeDurable(parent);
            if (!Files.isDirectory(folder)) {
                makeFolders(folder);
            } else {
                disk.sync(parent);
            }
            durable.add(folder);
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
            disk.makeFolder(folder);
        } catch (FileAlreadyExistsException meanwhile) {
            if (!Files.isDirectory(folder)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
        if (parent != null) {
            disk.sync(parent);
        }
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
            int done = 0;
            while (target.hasRemaining()) {
                int got = readPiece(channel, offset + done, target);
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

    private int readPiece(FileChannel channel, long offset, ByteBuffer target) throws IOException {
        int end = target.limit();
        var demand = Throttle.Demand.of(Throttle.Resource.DISK_READ, target.remaining());
        try (Throttle.Permit permit = throttle.acquire(demand)) {
            target.limit(target.position() + (int) permit.amount());
            int got = channel.read(target, offset);
            permit.commit(Math.max(got, 0));
            return got;
        } finally {
            target.limit(end);
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
        try {
            new Listing(root, prefix, visitor).visit();
        } catch (IOException failed) {
            throw translate(failed, "list").with("prefix", prefix);
        }
    }

    @Override
    public boolean delete(ObjectName name) {
        Path target = path(name);
        try {
            boolean existed = disk.remove(target);
            if (existed) {
                disk.sync(folderOf(target));
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
                    disk.remove(path);
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
                .with("store", location())
                .with("reason", reason);
    }
}
