package org.medbackup.engine.internal.backup;

import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.linux.Accounts;
import org.medbackup.linux.Entries;
import org.medbackup.linux.ExtendedAttributes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileTime;
import org.medbackup.linux.FileType;
import org.medbackup.linux.LinuxException;

/** Reads what an entry has beside its content. Safe for use by several threads. */
final class AttributeReader {

    /** Type bits of a regular file (stat(2), S_IFREG). */
    static final int REGULAR = 0100000;

    private static final byte[] NO_LINK = new byte[0];

    private final Accounts accounts = new Accounts();

    /** Of an open file or folder. */
    byte[] ofOpen(Fd fd, FileStatus status) {
        int flags = org.medbackup.linux.Attributes.flags(fd) & org.medbackup.linux.Attributes.KEPT_FLAGS;
        return encode(status, flags, NO_LINK, readable(() -> ExtendedAttributes.of(fd)));
    }

    /** Of an entry that is not opened. */
    byte[] ofEntry(SharedFolder folder, byte[] name, FileStatus status) {
        boolean symlink = status.type() == FileType.SYMLINK;
        byte[] target = symlink ? Entries.readSymlink(folder.fd(), name) : NO_LINK;
        return encode(status, 0, target, readable(() -> ExtendedAttributes.of(folder.fd(), name)));
    }

    /** Of what is on no disk: it has no inode. */
    byte[] ofStream(StreamAttributes given) {
        var modified = FileTime.of(given.modified());
        var never = new FileTime(0, 0);
        return new Attributes(
                        given.mode() & 07777,
                        given.uid(),
                        given.gid(),
                        accounts.user(given.uid()),
                        accounts.group(given.gid()),
                        modified,
                        never,
                        never,
                        0,
                        1,
                        0,
                        0,
                        0,
                        NO_LINK,
                        new TreeMap<>())
                .encode();
    }

    @FunctionalInterface
    private interface Reading {
        SortedMap<String, byte[]> read();
    }

    /** A file system that does not let its attributes be listed is taken to have none. */
    private static SortedMap<String, byte[]> readable(Reading reading) {
        try {
            return reading.read();
        } catch (LinuxException unreadable) {
            return new TreeMap<>();
        }
    }

    private byte[] encode(FileStatus status, int flags, byte[] symlink, SortedMap<String, byte[]> extended) {
        boolean device = status.type() == FileType.BLOCK_DEVICE || status.type() == FileType.CHARACTER_DEVICE;
        boolean linked = status.links() > 1 && !status.isFolder();
        return new Attributes(
                        status.permissions(),
                        status.uid(),
                        status.gid(),
                        accounts.user(status.uid()),
                        accounts.group(status.gid()),
                        status.modified(),
                        status.changed(),
                        status.born(),
                        status.inode(),
                        linked ? status.links() : 1,
                        linked ? status.device() : 0,
                        device ? status.special() : 0,
                        flags,
                        symlink,
                        extended)
                .encode();
    }
}
