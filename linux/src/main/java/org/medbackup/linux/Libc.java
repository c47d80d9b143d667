package org.medbackup.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The functions of the C library, bound once. Every handle takes a segment for errno before the arguments of the C
 * function. Calls that glibc 2.28 (RHEL 8) has no wrapper for go through {@code syscall}.
 */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO_OF = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    static final MethodHandle OPENAT = variadic("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle CLOSE = plain("close", JAVA_INT, JAVA_INT);
    static final MethodHandle STATX = plain("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle PREAD = plain("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle PREADV2 = plain("preadv2", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle MINCORE = plain("mincore", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle PWRITE = plain("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LSEEK = plain("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    static final MethodHandle FSYNC = plain("fsync", JAVA_INT, JAVA_INT);
    static final MethodHandle FDATASYNC = plain("fdatasync", JAVA_INT, JAVA_INT);
    static final MethodHandle FTRUNCATE = plain("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle FALLOCATE = plain("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle FADVISE = plain("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    static final MethodHandle FCHOWNAT = plain("fchownat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCHMOD = plain("fchmod", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle FCHMODAT = plain("fchmodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle UTIMENSAT = plain("utimensat", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle FUTIMENS = plain("futimens", JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle MKDIRAT = plain("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle MKNODAT = plain("mknodat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    static final MethodHandle SYMLINKAT = plain("symlinkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle LINKAT = plain("linkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle UNLINKAT = plain("unlinkat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle RENAMEAT = plain("renameat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    static final MethodHandle READLINKAT = plain("readlinkat", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle FLISTXATTR = plain("flistxattr", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle FGETXATTR = plain("fgetxattr", JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle FSETXATTR = plain("fsetxattr", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle LLISTXATTR = plain("llistxattr", JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle LGETXATTR = plain("lgetxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle LSETXATTR = plain("lsetxattr", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle MMAP =
            plain("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP = plain("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle MADVISE = plain("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle GETSOCKOPT =
            plain("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    static final MethodHandle SOCKET = plain("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle SENDTO =
            plain("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle CLOCK_GETTIME = plain("clock_gettime", JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle SETPRIORITY = plain("setpriority", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle GETSID = plain("getsid", JAVA_INT, JAVA_INT);
    static final MethodHandle GETPWUID = plain("getpwuid_r", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle GETGRGID = plain("getgrgid_r", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle GETEUID = plain("geteuid", JAVA_INT);
    static final MethodHandle FSTATFS = plain("fstatfs", JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle SYSCALL3 = variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final MethodHandle SYSCALL4 =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    static final MethodHandle SYSCALL_RENAME =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
    static final MethodHandle SYSCALL_COPY =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    static final MethodHandle FREMOVEXATTR = plain("fremovexattr", JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle LREMOVEXATTR = plain("lremovexattr", JAVA_INT, ADDRESS, ADDRESS);

    private Libc() {}

    private static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments), ERRNO);
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return bind(name, FunctionDescriptor.of(result, arguments), ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    private static MethodHandle bind(String name, FunctionDescriptor shape, Linker.Option... options) {
        MemorySegment address = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no function " + name));
        return LINKER.downcallHandle(address, shape, options);
    }
}
