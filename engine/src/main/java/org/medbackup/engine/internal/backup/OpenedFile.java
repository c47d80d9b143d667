package org.medbackup.engine.internal.backup;

import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * A file opened for reading its content, without touching its access time where that is allowed, and without waiting
 * should it have become a FIFO meanwhile.
 *
 * @param fd the open file
 * @param status what it is
 */
record OpenedFile(Fd fd, FileStatus status) implements AutoCloseable {

    static OpenedFile open(SharedFolder folder, byte[] name) {
        int flags = Fd.READ | Fd.NO_FOLLOW | Fd.NON_BLOCK;
        Fd fd;
        try {
            fd = folder.fd().open(name, flags | Fd.NO_ACCESS_TIME);
        } catch (LinuxException notOurs) {
            if (!notOurs.is(Errno.EPERM)) {
                throw notOurs;
            }
            fd = folder.fd().open(name, flags);
        }
        try {
            return new OpenedFile(fd, fd.status());
        } catch (LinuxException failed) {
            fd.close();
            throw failed;
        }
    }

    /** Whether it has changed since it was opened. */
    boolean hasChanged() {
        FileStatus now = fd.status();
        return now.size() != status.size()
                || !now.modified().equals(status.modified())
                || !now.changed().equals(status.changed());
    }

    @Override
    public void close() {
        fd.close();
    }
}
