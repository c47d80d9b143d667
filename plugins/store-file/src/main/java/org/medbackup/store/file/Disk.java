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

        private record Written(FileChannel channel) implements NewFile {

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                return channel.write(bytes);
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
                channel.close();
            }
        }

        @Override
        public NewFile create(Path file) throws IOException {
            var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------"));
            return new Written(FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions));
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
