package org.medbackup.store.hsm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.Accounts;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileType;
import org.medbackup.linux.LinuxException;

/**
 * Whether nobody but root and the account of this process can change a file or replace it, as with hooks: neither the file
 * nor a folder above it. A sticky folder such as {@code /tmp} counts as one that others cannot write to.
 */
final class Trust {

    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;

    private Trust() {}

    /**
     * Requires it of a regular file.
     *
     * @param what the file is, for the message
     * @throws BackupException with {@link ErrorCode#HOOK_REFUSED}
     */
    static void require(Path file, String what) {
        if (!file.isAbsolute()) {
            throw refused(what, "is not named by an absolute path", null, file);
        }
        try {
            Path real = file.toRealPath();
            if (!Files.isRegularFile(real)) {
                throw refused(what, "is no file", null, file);
            }
            // Who can replace a link on the way to it can put another of root's programs in its place.
            requireUnwritable(file, what);
            requireUnwritable(real, what);
        } catch (IOException | LinuxException absent) {
            throw refused(what, "is not there or cannot be looked at", absent, file);
        }
    }

    private static void requireUnwritable(Path file, String what) {
        int self = Accounts.self();
        for (Path path = file; path != null; path = path.getParent()) {
            FileStatus status = Fd.CWD.status(Residences.bytes(path)).orElseThrow();
            if (status.uid() != 0 && status.uid() != self) {
                throw refused(what, "or a folder above it belongs to another account", null, file);
            }
            // The bits of a link say nothing: who may write to its folder may replace it.
            boolean sticky = status.isFolder() && (status.permissions() & STICKY) != 0;
            if (status.type() != FileType.SYMLINK && !sticky && (status.permissions() & OTHERS_WRITE) != 0) {
                throw refused(what, "or a folder above it can be written to by others: chmod go-w", null, file);
            }
        }
    }

    private static BackupException refused(String what, String why, @Nullable Throwable cause, Path file) {
        return ErrorCode.HOOK_REFUSED.because(what + " " + why, cause).about(file);
    }
}
