package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** Space, memory or another limit is used up: free some, then run again. */
public final class CapacityException extends BackupException {

    private static final long serialVersionUID = 1L;

    CapacityException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
