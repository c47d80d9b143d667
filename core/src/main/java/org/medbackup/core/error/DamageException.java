package org.medbackup.core.error;

import org.jspecify.annotations.Nullable;

/** Stored data is not what was written: keep the evidence, repair from another copy. */
public final class DamageException extends BackupException {

    private static final long serialVersionUID = 1L;

    DamageException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code, detail, cause);
    }
}
