package org.medbackup.linux;

/**
 * Numbers that differ between the architectures: open flags (asm/fcntl.h) and system calls without a wrapper in glibc
 * 2.28 (asm/unistd.h). Everything else that this module passes is the same on x86-64 and aarch64.
 *
 * @param folder O_DIRECTORY
 * @param noFollow O_NOFOLLOW
 * @param direct O_DIRECT
 * @param largeFile O_LARGEFILE as the kernel has it; 64-bit programs never pass it
 * @param getdents64 number of the call
 * @param renameat2 number of the call
 * @param copyFileRange number of the call
 * @param openat2 number of the call
 */
record Abi(
        int folder,
        int noFollow,
        int direct,
        int largeFile,
        long getdents64,
        long renameat2,
        long copyFileRange,
        long openat2) {

    static final Abi X86_64 = new Abi(0200000, 0400000, 040000, 0100000, 217, 316, 326, 437);
    static final Abi AARCH64 = new Abi(040000, 0100000, 0200000, 0400000, 61, 276, 285, 437);

    /** Of this machine. */
    static final Abi OWN = of(System.getProperty("os.arch"));

    /** By the name that Java has for an architecture. */
    static Abi of(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("no numbers are known for " + architecture);
        };
    }
}
