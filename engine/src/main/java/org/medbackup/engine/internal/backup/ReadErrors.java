package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.commit.Manifest.ReadError;
import org.medbackup.linux.Errno;
import org.medbackup.linux.LinuxException;

/** What could not be read as it should; the first thousand are kept. Safe for use by several threads. */
public final class ReadErrors {

    private static final int KEPT = 1000;

    private final List<ReadError> first = new ArrayList<>();
    private long count;

    public ReadErrors() {}

    /** What a failure to open a file that was there a moment ago means. */
    static ErrorCode codeOf(LinuxException failure) {
        boolean gone = failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR) || failure.is(Errno.ELOOP);
        return gone ? ErrorCode.FILE_VANISHED : ErrorCode.SOURCE_UNREADABLE;
    }

    /** One more. */
    public synchronized void add(PathBytes path, ErrorCode code, String message) {
        count++;
        if (first.size() < KEPT) {
            first.add(new ReadError(path, code.name(), message));
        }
    }

    public synchronized List<ReadError> first() {
        return List.copyOf(first);
    }

    public synchronized long count() {
        return count;
    }
}
