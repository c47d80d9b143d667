package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** The application to be protected is not in the state that the step needs. */
public final class ApplicationException extends BackupException {

    private static final long serialVersionUID = 1L;

    ApplicationException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
