package org.medbackup.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/**
 * Work that gives way to others where processors are scarce: the nice value of a thread (setpriority(2), which on Linux is of
 * a thread), which the kernel's I/O priority follows, and that of a session (sched(7), autogroups). None is needed: what the
 * system refuses stays as it was.
 */
public final class Scheduling {

    /** A thread of this nice value gets a tenth of what one gets that has none, where both want all of a processor. */
    public static final int BACKGROUND = 10;

    private static final int PRIO_PROCESS = 0;
    private static final Path AUTOGROUP = Path.of("/proc/self/autogroup");

    private Scheduling() {}

    /**
     * Platform threads, named and numbered, that begin as background work and do not keep a process alive. What they start
     * in turn is background work, too.
     *
     * @param name the number follows
     */
    public static ThreadFactory background(String name) {
        ThreadFactory factory = Thread.ofPlatform().daemon().name(name, 1).factory();
        return work -> factory.newThread(() -> {
            nice(BACKGROUND);
            work.run();
        });
    }

    /** Makes the calling thread background work; false where it may not be, as where it has a higher value. */
    static boolean nice(int value) {
        try {
            return (int) Libc.SETPRIORITY.invokeExact(Native.get().state, PRIO_PROCESS, 0, value) == 0;
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }

    /**
     * Makes all of the session background work where this process is its leader, as one is that a timer or a service
     * manager has started: kernels with autogroups divide processors among sessions first, whatever their threads are. A
     * session of others, such as one at a terminal, is left alone.
     *
     * @return whether it was done
     */
    public static boolean backgroundSession() {
        try {
            int leader = (int) Libc.GETSID.invokeExact(Native.get().state, 0);
            if (leader != ProcessHandle.current().pid() || !Files.isWritable(AUTOGROUP)) {
                return false;
            }
            Files.writeString(AUTOGROUP, Integer.toString(BACKGROUND));
            return true;
        } catch (IOException refused) {
            return false;
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
