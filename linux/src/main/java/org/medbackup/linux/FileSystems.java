package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What kind of file system something lies on, and how much room it has (fstatfs(2)). */
public final class FileSystems {

    /** Magic numbers of file systems that never hold files worth a backup (linux/magic.h). */
    private static final long PROC = 0x9fa0;

    private static final long SYSFS = 0x62656572;
    private static final long CGROUP = 0x27e0eb;
    private static final long CGROUP2 = 0x63677270;
    private static final long DEBUGFS = 0x64626720;
    private static final long TRACEFS = 0x74726163;
    private static final long SECURITYFS = 0x73636673;
    private static final long BPF = 0xcafe4a11L;
    private static final long PSTORE = 0x6165676c;

    private FileSystems() {}

    /**
     * What a file system says of itself.
     *
     * @param magic its kind's number
     * @param blockSize in bytes
     * @param freeBytes what an unprivileged process may still use
     * @param freeInodes how many files may still be made
     */
    public record Facts(long magic, long blockSize, long freeBytes, long freeInodes) {

        /** Whether the kernel makes its files up, so that a backup of them means nothing. */
        public boolean isVirtual() {
            return magic == PROC
                    || magic == SYSFS
                    || magic == CGROUP
                    || magic == CGROUP2
                    || magic == DEBUGFS
                    || magic == TRACEFS
                    || magic == SECURITYFS
                    || magic == BPF
                    || magic == PSTORE;
        }
    }

    /** The file system of an open file or folder. */
    public static Facts of(Fd file) {
        try (Arena arena = Arena.ofConfined()) {
            Native memory = Native.get();
            MemorySegment facts = arena.allocate(160, 8);
            memory.check("fstatfs", (int) Libc.FSTATFS.invokeExact(memory.state, file.number, facts));
            long block = facts.get(JAVA_LONG, 8);
            return new Facts(
                    facts.get(JAVA_LONG, 0), block, facts.get(JAVA_LONG, 32) * block, facts.get(JAVA_LONG, 48));
        } catch (Throwable failure) {
            throw Native.unexpected(failure);
        }
    }
}
