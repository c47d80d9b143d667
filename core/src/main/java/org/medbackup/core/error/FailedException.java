package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** The operating system or the program failed; what was committed before is unharmed. */
public final class FailedException extends BackupException {

    private static final long serialVersionUID = 1L;

    FailedException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
