package org.medbackup.linux;

import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** A system call failed. The message never holds a file's name. */
public final class LinuxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final int number;

    LinuxException(String call, int number) {
        super(call + " failed with " + name(number));
        this.call = call;
        this.number = number;
    }

    private static String name(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.OTHER ? "errno " + number : errno.name();
    }

    /** The name of the call, such as {@code openat}. */
    public String call() {
        return call;
    }

    /** What the kernel said. */
    public Errno errno() {
        return Errno.of(number);
    }

    public boolean is(Errno errno) {
        return errno.number() == number;
    }

    /** The failure as the catalogue knows it: a full disk as such, anything else as a failed call. */
    public BackupException toBackupException() {
        boolean full = is(Errno.ENOSPC) || is(Errno.EDQUOT) || is(Errno.EFBIG);
        return (full ? ErrorCode.NO_SPACE : ErrorCode.SYSTEM_CALL_FAILED).because(String.valueOf(getMessage()), this);
    }
}
