package org.medbackup.core;

import java.util.Locale;

/** Byte counts as people read them, in binary units (IEC 80000-13). */
public final class ByteSizes {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private ByteSizes() {}

    /** {@code 1536} as {@code 1.5 KiB}; below 1 KiB without a fraction. */
    public static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        // What would round to 1024 belongs to the next unit.
        while (Math.abs(value) >= (unit == 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
