package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * Says that a process needs a snapshot: a lock on a file, which the kernel lets go when the process dies. A snapshot that
 * nobody holds was left behind.
 */
final class Holding implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private Holding(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes it; null where another holds it. */
    static @Nullable Holding of(Path folder, String name) {
        Path file = folder.resolve(name + ".lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new Holding(file, channel, lock);
            }
            channel.close();
            return null;
        } catch (OverlappingFileLockException ours) {
            closed(channel);
            return null;
        } catch (IOException impossible) {
            throw ErrorCode.STATE_UNUSABLE.because("no snapshot can be registered", impossible);
        }
    }

    private static void closed(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException left) {
            throw ErrorCode.STATE_UNUSABLE.because("a registration of a snapshot cannot be closed", left);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            lock.release();
            channel.close();
        } catch (IOException left) {
            throw ErrorCode.STATE_UNUSABLE.because("a registration of a snapshot cannot be removed", left);
        }
    }
}
