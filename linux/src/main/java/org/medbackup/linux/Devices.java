package org.medbackup.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    /**
     * The name below /dev of the disk behind a device: of a partition the whole disk. Empty where there is no block device,
     * as for file systems over a network, in memory, or over several disks.
     */
    public static String disk(long device) {
        return disk(Path.of("/sys/dev/block"), device);
    }

    static String disk(Path blocks, long device) {
        try {
            Path block = blocks.resolve(major(device) + ":" + minor(device)).toRealPath();
            Path disk = Files.exists(block.resolve("partition")) ? block.getParent() : block;
            Path name = disk == null ? null : disk.getFileName();
            return name == null ? "" : name.toString();
        } catch (IOException absent) {
            return "";
        }
    }
}
