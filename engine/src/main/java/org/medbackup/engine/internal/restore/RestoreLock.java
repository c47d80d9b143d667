package org.medbackup.engine.internal.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.crypto.Crypto;

/**
 * Keeps two restores of one restore point into one target apart on this host, since they would write the same temporary
 * files: a lock on one byte of one file, which the system takes back when the process ends.
 */
final class RestoreLock implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;

    private RestoreLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    static RestoreLock take(Path stateFolder, String snapshot, Path target) {
        byte[] digest =
                Crypto.sha256((snapshot + " " + target.toAbsolutePath().normalize()).getBytes(StandardCharsets.UTF_8));
        long place = ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE >> 1;
        try {
            Files.createDirectories(stateFolder);
            FileChannel channel = FileChannel.open(
                    stateFolder.resolve("restores.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lock(channel, place);
            if (lock == null) {
                channel.close();
                throw ErrorCode.TARGET_UNUSABLE
                        .because("another restore of this restore point into it is under way")
                        .with("target", target);
            }
            return new RestoreLock(channel, lock);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the lock of restores cannot be taken", failed);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, long place) throws IOException {
        try {
            return channel.tryLock(place, 1, false);
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException best) {
            // The system takes it back with the process.
        }
    }
}
