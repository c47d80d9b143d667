package org.medbackup.linux;

import java.util.Map;

/**
 * Calls that this process takes for missing, so that a test forces what is done on kernels and file systems without them.
 * Empty outside of tests.
 */
final class Refusals {

    private static volatile Map<String, Errno> refused = Map.of();

    private Refusals() {}

    /** From now on these calls answer with these errors, in every thread. */
    static void set(Map<String, Errno> calls) {
        refused = Map.copyOf(calls);
    }

    /** Whether a call is to be taken for missing; its error is then where the kernel would have left it. */
    static boolean has(String call, Native memory) {
        Errno errno = refused.get(call);
        if (errno == null) {
            return false;
        }
        Libc.ERRNO_OF.set(memory.state, 0L, errno.number());
        return true;
    }
}
