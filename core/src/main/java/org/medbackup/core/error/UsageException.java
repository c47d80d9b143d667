package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** The call or the configuration is wrong: mend it and call again; nothing was started. */
public final class UsageException extends BackupException {

    private static final long serialVersionUID = 1L;

    UsageException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
