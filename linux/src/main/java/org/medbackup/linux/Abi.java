package org.medbackup.linux;

/** Constants that differ between the architectures (asm/fcntl.h). */
final class Abi {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;

    private Abi() {}
}
