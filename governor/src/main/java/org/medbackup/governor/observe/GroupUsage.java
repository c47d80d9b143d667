package org.medbackup.governor.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * What the kernel has written down for the control group of this process, where it is alone in one: {@code io.stat} and
 * {@code cpu.stat} of version 2, {@code blkio.throttle.io_service_bytes} and {@code cpuacct.usage} of version 1. Version 2
 * knows whose pages are written back later; of writes version 1 does not, so they are not taken from it.
 */
final class GroupUsage {

    private static final long CPU_RESOLUTION = 20_000_000;
    private static final long MICROSECOND = 1000;

    private GroupUsage() {}

    /** Those of this process; empty where it shares its groups. */
    static List<UsageSource> of(Path process, Path groups) {
        List<KernelFile> files = new ArrayList<>();
        Map<String, String> paths = paths(process);
        for (Path root : List.of(groups, groups.resolve("unified"))) {
            Path folder = folder(root, paths.get(""));
            Path io = folder.resolve("io.stat");
            files.add(disk(Resource.DISK_READ, io, "rbytes="));
            files.add(disk(Resource.DISK_WRITE, io, "wbytes="));
            files.add(processors(
                    folder.resolve("cpu.stat"), text -> ProcessUsage.number(text, "usage_usec ") * MICROSECOND));
        }
        Path disks = folder(groups.resolve("blkio"), paths.get("blkio"));
        files.add(disk(Resource.DISK_READ, disks.resolve("blkio.throttle.io_service_bytes"), "Read "));
        Path processors = folder(groups.resolve("cpuacct"), paths.get("cpuacct"));
        files.add(processors(processors.resolve("cpuacct.usage"), text -> Long.parseLong(text.strip())));
        List<UsageSource> sources = new ArrayList<>();
        for (KernelFile file : files) {
            boolean isNew = sources.stream().noneMatch(other -> other.resource() == file.resource());
            if (isNew
                    && isAlone(file.file().resolveSibling("cgroup.procs"))
                    && file.total().isPresent()) {
                sources.add(file);
            }
        }
        return sources;
    }

    private static KernelFile disk(Resource resource, Path file, String word) {
        return new KernelFile(resource, file, text -> sum(text, word), ProcessUsage.DISK_RESOLUTION);
    }

    private static KernelFile processors(Path file, ToLongFunction<String> reading) {
        return new KernelFile(Resource.CPU, file, reading, CPU_RESOLUTION);
    }

    private static Path folder(Path root, @Nullable String path) {
        return path == null ? root.resolve("absent") : root.resolve("." + path);
    }

    private static boolean isAlone(Path processes) {
        try {
            return Files.readString(processes).lines().count() == 1;
        } catch (IOException absent) {
            return false;
        }
    }

    /** Paths of the groups by controller; that of version 2 has no name. */
    private static Map<String, String> paths(Path process) {
        var paths = new TreeMap<String, String>();
        try {
            for (String line : Files.readAllLines(process.resolve("cgroup"))) {
                String[] parts = line.split(":", 3);
                for (String controller : parts.length == 3 ? parts[1].split(",") : new String[0]) {
                    paths.put(controller, parts[2]);
                }
            }
        } catch (IOException none) {
            // A kernel without control groups.
        }
        return paths;
    }

    /** The sum of all numbers that follow a word, one for each device. */
    private static long sum(String text, String word) {
        return text.lines()
                .filter(line -> line.contains(word))
                .mapToLong(line -> Long.parseLong(
                        line.substring(line.indexOf(word) + word.length()).split(" ", 2)[0]))
                .sum();
    }
}
