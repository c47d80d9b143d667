package org.medbackup.governor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle;

/** What a limit is on, and how its value is written. */
public enum LimitKind {
    /** Bytes a second. */
    DISK_READ("disk.read", Unit.RATE, true),
    /** Bytes a second. */
    DISK_WRITE("disk.write", Unit.RATE, true),
    /** Operations a second. */
    DISK_READ_IOPS("disk.read.iops", Unit.COUNT, true),
    /** Operations a second. */
    DISK_WRITE_IOPS("disk.write.iops", Unit.COUNT, true),
    /** Operations under way at once. */
    DISK_READ_CONCURRENCY("disk.read.concurrency", Unit.COUNT, true),
    /** Operations under way at once. */
    DISK_WRITE_CONCURRENCY("disk.write.concurrency", Unit.COUNT, true),
    /** Bytes a second of objects' content, without headers and what TLS adds. */
    NETWORK_INGRESS("network.ingress", Unit.RATE, false),
    /** Bytes a second of objects' content, without headers and what TLS adds. */
    NETWORK_EGRESS("network.egress", Unit.RATE, false),
    /** Nanoseconds of processor time a second, of the whole process; 10^9 are one processor. */
    CPU("cpu", Unit.PROCESSORS, false),
    /** Bytes of anonymous memory of the whole process: its heap, its code, and the buffers, which are what is held back. */
    MEMORY("memory", Unit.SIZE, false);

    /** How values are written. */
    enum Unit {
        RATE,
        COUNT,
        PROCESSORS,
        SIZE
    }

    private final String text;
    private final Unit unit;
    private final boolean ofDevices;

    LimitKind(String text, Unit unit, boolean ofDevices) {
        this.text = text;
        this.unit = unit;
        this.ofDevices = ofDevices;
    }

    /** As configurations and commands write it, such as {@code disk.read}. */
    public String text() {
        return text;
    }

    Unit unit() {
        return unit;
    }

    /** Whether a device can have one of its own. */
    boolean isOfDevices() {
        return ofDevices;
    }

    /** The limit on the bytes of a resource. */
    public static LimitKind of(Throttle.Resource resource) {
        return valueOf(resource.name());
    }

    /** The limit on the operations of the same resource, or null where there is none. */
    @Nullable
    LimitKind operations() {
        return switch (this) {
            case DISK_READ -> DISK_READ_IOPS;
            case DISK_WRITE -> DISK_WRITE_IOPS;
            default -> null;
        };
    }

    /** The limit on how many operations on the same are under way at once, or null where there is none. */
    @Nullable
    LimitKind concurrency() {
        return switch (this) {
            case DISK_READ -> DISK_READ_CONCURRENCY;
            case DISK_WRITE -> DISK_WRITE_CONCURRENCY;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
