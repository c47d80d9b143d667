package org.medbackup.linux;

import java.lang.foreign.MemorySegment;

/**
 * Freezes and thaws a whole file system (ioctl FIFREEZE and FITHAW of linux/fs.h, since 2.6.29; needs CAP_SYS_ADMIN).
 * Whoever writes to a frozen file system waits in the kernel until it is thawed, also when the process that froze it is
 * gone.
 */
public final class Freezing {

    private static final long FREEZE = 0xC0045877L;
    private static final long THAW = 0xC0045878L;

    private Freezing() {}

    /**
     * Freezes the file system of an open file or folder; returns when what was under way is on the device.
     *
     * @return false where it is frozen already
     */
    public static boolean freeze(Fd file) {
        return call(file, FREEZE, "FIFREEZE", Errno.EBUSY);
    }

    /**
     * Thaws it.
     *
     * @return false where it was not frozen
     */
    public static boolean thaw(Fd file) {
        return call(file, THAW, "FITHAW", Errno.EINVAL);
    }

    private static boolean call(Fd file, long request, String name, Errno already) {
        Native memory = Native.get();
        int result;
        try {
            result = (int) Libc.IOCTL.invokeExact(memory.state, file.number, request, MemorySegment.NULL);
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
        if (result < 0 && memory.errno() == already.number()) {
            return false;
        }
        memory.check(name, result);
        return true;
    }
}
