package org.medbackup.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.files.Bundle;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.Layout;
import org.medbackup.audit.files.OpenFile;

/** The writer's place in the files of entries. For one thread, with the lock held. */
final class EntryFiles implements Closeable {

    private final Layout layout;
    private final Disk disk;
    private @Nullable OpenFile file;
    private long number;
    private long position;

    EntryFiles(Layout layout, Disk disk, long number) {
        this.layout = layout;
        this.disk = disk;
        this.number = number;
    }

    /** The bundle that is being written. */
    long number() {
        return number;
    }

    boolean exists(long bundle) {
        return Files.exists(layout.bundle(bundle));
    }

    /** Goes to the beginning of the next bundle. */
    void next() throws IOException {
        close();
        number++;
        position = 0;
    }

    /** What stands behind the place up to which the bundle has been read or written. */
    byte[] unread() throws IOException {
        return file == null && !exists(number) ? new byte[0] : file().from(position, Bundle.LONGEST);
    }

    /** Some of the unread bytes have been read. */
    void skip(int length) {
        position += length;
    }

    /** Writes behind what has been read, and ends the file there. */
    void append(byte[] bytes) throws IOException {
        disk.append(file().channel(), position, bytes);
        position += bytes.length;
    }

    private OpenFile file() throws IOException {
        OpenFile open = file;
        if (open == null) {
            open = OpenFile.open(disk, layout.bundle(number));
            file = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        try (OpenFile _ = file) {
            file = null;
        }
    }
}
