package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** Something outside did not answer: the same call may succeed later. */
public final class UnavailableException extends BackupException {

    private static final long serialVersionUID = 1L;

    UnavailableException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
