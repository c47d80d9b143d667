package org.medbackup.engine.internal.backup;

import java.util.Optional;
import org.medbackup.core.content.FileKind;
import org.medbackup.engine.internal.scan.CacheRecord;

/**
 * What is known of a file from the last run.
 *
 * @param kind of its content; unknown where it was not there or nobody looked
 * @param isKnown whether it was there, under this name or one that this begins with
 * @param isRenamed whether it was there under a name that this begins with
 */
record Past(FileKind kind, boolean isKnown, boolean isRenamed) {

    /** It was not there. */
    static final Past NONE = new Past(FileKind.UNKNOWN, false, false);

    /** It was there, or one was whose name this begins with, or neither. */
    static Past of(Optional<CacheRecord.Entry> before, Optional<FileKind> deleted) {
        return before.map(entry -> new Past(entry.kind(), true, false))
                .or(() -> deleted.map(kind -> new Past(kind, true, true)))
                .orElse(NONE);
    }
}
