package org.medbackup.engine.internal.log;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What a failure of the folder of this machine's own memory means. */
public final class LocalState {

    private LocalState() {}

    /** A failure to write; a device without room is told apart, since room can be made. */
    public static BackupException unusable(String what, IOException cause) {
        String reason = cause instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(cause.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        return full
                ? ErrorCode.NO_SPACE
                        .because("the state folder is full: " + what + " cannot be written", cause)
                        .with("device", "state")
                : ErrorCode.STATE_UNUSABLE.because(what + " cannot be written", cause);
    }
}
