package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** Policy, access control or a retention lock does not allow it. */
public final class RefusedException extends BackupException {

    private static final long serialVersionUID = 1L;

    RefusedException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
