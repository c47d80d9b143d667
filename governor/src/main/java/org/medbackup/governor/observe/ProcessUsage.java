package org.medbackup.governor.observe;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.internal.StatFields;

/**
 * What the kernel has written down for this process (proc(5)): {@code read_bytes} and {@code write_bytes} of /proc/self/io,
 * and the processor time of all its threads in /proc/self/stat.
 *
 * <p>Reads are counted where they reach a disk, with what is read ahead; writes when a page of the cache becomes dirty, so
 * that pages are counted once however late they are written. Loaded classes, indexes that are mapped, the audit trail and
 * caches of the product are in it, which no throttle is asked for: some MiB are its resolution.
 */
final class ProcessUsage {

    static final long DISK_RESOLUTION = 8 << 20;
    /** The clock of /proc/self/stat has ticks of 10 ms on all Linux systems (USER_HZ), user and system time each. */
    private static final long TICK = 10_000_000;

    private static final long CPU_RESOLUTION = 5 * TICK;
    // Places in the fields of stat.
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private ProcessUsage() {}

    /** Those that this kernel has. */
    static List<UsageSource> of(Path process) {
        Path io = process.resolve("io");
        return Stream.<UsageSource>of(
                        new KernelFile(Resource.DISK_READ, io, text -> number(text, "read_bytes: "), DISK_RESOLUTION),
                        new KernelFile(Resource.DISK_WRITE, io, text -> number(text, "write_bytes: "), DISK_RESOLUTION),
                        new KernelFile(Resource.CPU, process.resolve("stat"), ProcessUsage::processor, CPU_RESOLUTION))
                .filter(source -> source.total().isPresent())
                .toList();
    }

    /** The number in the line that begins with a name. */
    static long number(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static long processor(String text) {
        List<String> fields = StatFields.of(text);
        return (Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(SYSTEM))) * TICK;
    }
}
