package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** Somebody asked for the end; what was committed before is unharmed. */
public final class CancelledException extends BackupException {

    private static final long serialVersionUID = 1L;

    CancelledException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
