package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The folder of log that was received and is not stored. A file stands under its name in the archive only when it is
 * durable. Safe for use by the thread that receives and the one that stores.
 */
final class LogSpool implements AutoCloseable {

    private static final String NEXT = "next";
    private static final String WORK = "work";

    private final Path folder;
    private @Nullable FileChannel lock;

    LogSpool(Path folder) {
        this.folder = folder;
    }

    static BackupException unusable(IOException cause) {
        String why = String.valueOf(cause.getMessage());
        return why.contains("No space left") || why.contains("quota exceeded")
                ? ErrorCode.NO_SPACE.because("the spool of the log is full", cause)
                : ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be used", cause);
    }

    /** Makes the folder and holds it; one process may. Throws away what was not received whole. */
    void open() {
        try {
            var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(folder, ours);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel;
            if (!held(channel)) {
                throw ErrorCode.USAGE.because("another process receives this log already");
            }
            if (Files.exists(work())) {
                Folders.remove(work());
            }
            Files.createDirectory(work(), ours);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static boolean held(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    /** A folder for what is not whole; emptied at every start. */
    Path work() {
        return folder.resolve(WORK);
    }

    /** Where to go on: a text of the receiver's own; empty before the first. */
    String next() {
        try {
            Path file = folder.resolve(NEXT);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    void next(String text) {
        try {
            Path temporary = work().resolve(NEXT);
            Files.writeString(temporary, text, StandardCharsets.UTF_8);
            sync(temporary);
            place(temporary, NEXT);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void place(Path file, String name) throws IOException {
        Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel self = FileChannel.open(folder, StandardOpenOption.READ)) {
            self.force(true);
        }
    }

    /** Takes over a file that is whole and durable. */
    void take(Path file, BinlogName name) {
        try {
            place(file, name.toString());
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Takes a copy of a file that grows still. */
    void takeCopy(Path file, BinlogName name) {
        try {
            Path temporary = work().resolve("part");
            Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
            sync(temporary);
            place(temporary, name.toString());
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Appends what stands in another file from an offset on; durable when this returns. */
    static void append(Path file, Path part, long from) throws IOException {
        try (FileChannel in = FileChannel.open(part, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
            in.position(from);
            while (in.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
            out.force(true);
        }
    }

    /** What waits, oldest number first; of parts of one file the longest, and none beside the whole. */
    List<Path> waiting() {
        try {
            Map<BinlogName, Path> best = new TreeMap<>(
                    java.util.Comparator.comparingLong(LogSpool::order).thenComparing(BinlogName::toString));
            for (Path each : files()) {
                BinlogName name = BinlogName.parse(each.getFileName().toString());
                if (name != null) {
                    BinlogName key = BinlogName.whole(name.server(), name.head(), name.file());
                    Path other = best.get(key);
                    if (other != null) {
                        Path longer = Files.size(each) >= Files.size(other) && !isWhole(other) ? each : other;
                        Files.delete(longer.equals(each) ? other : each);
                        best.put(key, longer);
                    } else {
                        best.put(key, each);
                    }
                }
            }
            return List.copyOf(best.values());
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static boolean isWhole(Path file) {
        return !file.toString().endsWith(".partial");
    }

    private static long order(BinlogName name) {
        return BinlogName.number(name.file());
    }

    /** How many whole files wait. */
    int whole() {
        try {
            return (int) files().stream()
                    .filter(each -> BinlogName.parse(each.getFileName().toString()) != null && isWhole(each))
                    .count();
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.*")) {
            files.forEach(all::add);
        }
        all.sort(null);
        return all;
    }

    void remove(List<Path> files) {
        try {
            for (Path each : files) {
                Files.deleteIfExists(each);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    @Override
    public void close() {
        FileChannel held = lock;
        if (held != null) {
            try {
                if (Files.exists(work())) {
                    Folders.remove(work());
                }
                held.close();
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }
    }
}
