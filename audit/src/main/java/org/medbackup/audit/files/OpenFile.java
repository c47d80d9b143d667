package org.medbackup.audit.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/** A file that stays open, and is noticed when its name is removed or given to another file meanwhile. For one thread. */
public record OpenFile(
        Path path, FileChannel channel, @Nullable Object key) implements Closeable {

    public static OpenFile open(Disk disk, Path path) throws IOException {
        FileChannel channel = disk.open(path);
        return new OpenFile(path, channel, keyOf(path));
    }

    /** Device and inode; null where there is no file of this name. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException removed) {
            return null;
        }
    }

    public boolean isStillThere() throws IOException {
        Object now = keyOf(path);
        return now != null && now.equals(key);
    }

    /**
     * What stands from a position on, and not more of it than a limit.
     *
     * @throws org.medbackup.core.error.DamageException where the file has been removed or is shorter than that
     */
    public byte[] from(long position, int limit) throws IOException {
        long length = channel.size() - position;
        if (length < 0 || !isStillThere()) {
            throw ErrorCode.AUDIT_DAMAGED.because("a file was removed or shortened while it was in use");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, limit));
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
            // read until the limit or the end
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
