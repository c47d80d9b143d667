package org.medbackup.linux;

/** Device numbers as makedev(3) of glibc packs them. */
public final class Devices {

    private Devices() {}

    /** Packs major and minor number. */
    public static long number(int major, int minor) {
        return (minor & 0xffL) | (major & 0xfffL) << 8 | (minor & 0xffffff00L) << 12 | (major & 0xfffff000L) << 32;
    }

    /** The major number. */
    public static int major(long device) {
        return (int) (device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L);
    }

    /** The minor number. */
    public static int minor(long device) {
        return (int) (device & 0xff | device >>> 12 & 0xffffff00L);
    }
}
