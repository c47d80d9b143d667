package org.medbackup.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/**
 * The calls by which a {@link FileStore} changes its file system, one by one, so that a test can cut the power between
 * any two. Nothing is durable before {@link NewFile#force} (content) and {@link #sync} (names in a folder). All fail with
 * {@link IOException} as {@link Files} does. Safe for use by several threads.
 */
interface Disk {

    /** A file that is being written. */
    interface NewFile extends WritableByteChannel {

        /** Bytes written. */
        long size() throws IOException;

        /** Makes the content durable, not the name. */
        void force() throws IOException;
    }

    /** Makes a file that only its owner reads. */
    NewFile create(Path file) throws IOException;

    /** Makes a folder that only its owner enters. */
    void makeFolder(Path folder) throws IOException;

    /** Gives a file a further name, where that is free. */
    void link(Path name, Path existing) throws IOException;

    /** Takes a name away; false where there was none. */
    boolean remove(Path file) throws IOException;

    /** Makes the names in a folder durable. */
    void sync(Path folder) throws IOException;

    /** The file system of this machine. */
    static Disk real() {
        return RealDisk.INSTANCE;
    }

    /** Calls the file system. */
    enum RealDisk implements Disk {
        INSTANCE;

        /**
         * Has the disk begin with what was written while more is written: else all of it would come at once, at the end, and
         * whoever else waits for the disk would wait for that.
         */
        private static final class Written implements NewFile {

            private static final long BEGUN_AT_ONCE = 1 << 20;

            private final FileChannel channel;
            private final @Nullable Fd file;
            private long written;
            private long begun;

            Written(FileChannel channel, @Nullable Fd file) {
                this.channel = channel;
                this.file = file;
            }

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int count = channel.write(bytes);
                written += count;
                if (file != null && written - begun >= BEGUN_AT_ONCE) {
                    // Of pages that are not on the disk yet this begins their way there, and waits for nothing.
                    file.advise(begun, written - begun, Fd.Advice.DONT_NEED);
                    begun = written;
                }
                return count;
            }

            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void force() throws IOException {
                channel.force(false);
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            public void close() throws IOException {
                if (file != null) {
                    file.close();
                }
                channel.close();
            }
        }

        @Override
        public NewFile create(Path file) throws IOException {
            var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
            FileChannel channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions);
            return new Written(channel, sameFile(file));
        }

        private static @Nullable Fd sameFile(Path file) {
            try {
                return Fd.CWD.open(PathBytes.of(file.toString()).bytes(), Fd.READ);
            } catch (LinuxException none) {
                // It is written all the same, only later.
                return null;
            }
        }

        @Override
        public void makeFolder(Path folder) throws IOException {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }

        @Override
        public void link(Path name, Path existing) throws IOException {
            Files.createLink(name, existing);
        }

        @Override
        public boolean remove(Path file) throws IOException {
            return Files.deleteIfExists(file);
        }

        @Override
        public void sync(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
