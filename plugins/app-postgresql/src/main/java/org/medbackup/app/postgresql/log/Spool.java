package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The folder of log that was received and is not stored. Files are named as in the archive; what is being written has
 * {@code .receiving} at its end. A file stands under its name only when it is whole and durable.
 */
final class Spool implements AutoCloseable {

    private static final String RECEIVING = ".receiving";
    private static final String NEXT = "next";

    private final Path folder;
    private @Nullable FileChannel lockFile;

    Spool(Path folder) {
        this.folder = folder;
    }

    private static BackupException unusable(IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        return reason.contains("No space left") || reason.contains("quota exceeded")
                ? ErrorCode.NO_SPACE.because("the spool of the log is full", cause)
                : ErrorCode.STATE_UNUSABLE.because("the spool of the log cannot be used", cause);
    }

    /** Makes the folder and holds it; one process may. Throws away what was not received whole. */
    void open() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    folder.resolve("lock"), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            lockFile = channel;
            if (!locked(channel)) {
                throw ErrorCode.USAGE.because("another process receives this log already");
            }
            for (Path each : files("*" + RECEIVING)) {
                Files.delete(each);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    private List<Path> files(String pattern) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(all::add);
        }
        all.sort(null);
        return all;
    }

    /** What is whole and waits, in the order of the names. */
    List<Path> waiting() {
        try {
            List<Path> all = new ArrayList<>();
            for (Path each : files("*.*")) {
                if (Branch.parse(each.getFileName().toString()) != null
                        && !each.toString().endsWith(RECEIVING)) {
                    all.add(each);
                }
            }
            return all;
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Takes a small file that is whole. */
    void put(String name, byte[] content) {
        try {
            Path temporary = folder.resolve(name + RECEIVING);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(content));
                channel.force(true);
            }
            finish(temporary, name);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private void finish(Path temporary, String name) throws IOException {
        Files.move(
                temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel self = FileChannel.open(folder, StandardOpenOption.READ)) {
            self.force(true);
        }
    }

    /** Where to go on after everything that was received whole: a text of the receiver's own; empty before the first. */
    String next() {
        try {
            Path file = folder.resolve(NEXT);
            return Files.exists(file) ? Files.readString(file, StandardCharsets.US_ASCII) : "";
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    void next(String text) {
        put(NEXT, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Removes what is stored. */
    void remove(List<Path> files) {
        try {
            for (Path each : files) {
                Files.deleteIfExists(each);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Begins a segment. */
    Receiving begin(String name) {
        return new Receiving(name);
    }

    /** A segment that is being received. Not safe for use by several threads, but for {@link #cut}. */
    final class Receiving implements AutoCloseable {

        private final String name;
        private final Path file;
        private final FileChannel channel;
        private long length;

        private Receiving(String name) {
            this.name = name;
            this.file = folder.resolve(name + RECEIVING);
            try {
                this.channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }

        long length() {
            return length;
        }

        void write(byte[] bytes, int from, int count) {
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                length += count;
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }

        void sync() {
            try {
                channel.force(false);
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }

        /** Puts what is there so far under a name of its own. */
        void cut(String as) {
            try {
                channel.force(false);
                Path temporary = folder.resolve(as + RECEIVING);
                Files.copy(file, temporary, StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel copy = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    copy.force(true);
                }
                Spool.this.finish(temporary, as);
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }

        /** It is whole. */
        void finish() {
            try {
                channel.force(true);
                Spool.this.finish(file, name);
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }

        /** Throws it away unless it was finished. */
        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }
    }

    @Override
    public void close() {
        FileChannel held = lockFile;
        if (held != null) {
            try {
                held.close();
            } catch (IOException failed) {
                throw unusable(failed);
            }
        }
    }
}
