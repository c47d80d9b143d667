package org.medbackup.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A control group of one process's own, in which the kernel holds it and what it starts to so much processor time, in every
 * tenth of a second. It is made where the kernel has the {@code cpu} controller and where the process may: in a group that
 * was delegated to it (systemd's {@code Delegate=yes}), or where there is no service manager by the permissions of the
 * group it is in. Version 1 and 2 (cgroups(7); {@code sched-bwc} and {@code cgroup-v2} of the kernel's documents).
 *
 * <p>A group is weighed as a whole: the nice values of its threads count only among them. So it has the weight that one
 * thread of background work has ({@link Scheduling#BACKGROUND}), until it is told otherwise.
 *
 * <p>Safe for use by several threads.
 */
public final class ProcessorQuota implements AutoCloseable {

    /** No quota. */
    public static final long NONE = Long.MAX_VALUE;

    private static final String NAME = "medbackup-";
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String MEMBERS = "cgroup.procs";
    private static final String CONTROL = "cgroup.subtree_control";
    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_MICROS = 1_000;
    private static final double SECOND = 1e9;
    /** Of a limit, so that no window of ten seconds is above it. */
    private static final double PART = 0.995;
    /** Of a quota that may be left for later, one part in so many. */
    private static final int BURST = 5;

    private final ControlGroups kernel;
    private final Path parent;
    private final Path group;
    private final boolean first;
    private final long process;

    private ProcessorQuota(ControlGroups kernel, Path parent, boolean first, long process) {
        this.kernel = kernel;
        this.parent = parent;
        this.group = parent.resolve(NAME + process);
        this.first = first;
        this.process = process;
    }

    /** Puts a process into a group of its own, without a quota yet; empty where that cannot be or may not be. */
    public static Optional<ProcessorQuota> of(long process) {
        return of(process, ControlGroups.system());
    }

    static Optional<ProcessorQuota> of(long process, ControlGroups kernel) {
        try {
            ProcessorQuota quota = found(process, kernel);
            if (quota != null) {
                quota.enter();
            }
            return Optional.ofNullable(quota);
        } catch (IOException refused) {
            return Optional.empty();
        }
    }

    private static @Nullable ProcessorQuota found(long process, ControlGroups kernel) throws IOException {
        Map<String, String> paths = paths(kernel.of(process));
        String own = paths.get("cpu");
        if (own != null) {
            Path parent = below(ROOT.resolve("cpu"), own);
            // The service manager marks a group in its own hierarchy only, and has the same path in all.
            Path marked = below(ROOT.resolve("systemd"), own);
            return isAllowed(kernel, parent, marked) ? new ProcessorQuota(kernel, parent, true, process) : null;
        }
        own = paths.get("");
        if (own == null) {
            return null;
        }
        Path group = below(ROOT, own);
        // A service manager can put a service into a group within the one that it delegates.
        for (Path parent : group.equals(ROOT) ? List.of(group) : List.of(group, group.getParent())) {
            if (isAllowed(kernel, parent, parent)
                    && List.of(kernel.read(parent.resolve("cgroup.controllers"))
                                    .strip()
                                    .split(" "))
                            .contains("cpu")) {
                return new ProcessorQuota(kernel, parent, false, process);
            }
        }
        return null;
    }

    private static boolean isAllowed(ControlGroups kernel, Path parent, Path marked) {
        return kernel.hasServiceManager() ? kernel.isMarked(marked) : kernel.isWritable(parent);
    }

    /** Paths of a process's groups by controller; that of version 2 has no name. */
    private static Map<String, String> paths(String groups) {
        var paths = new TreeMap<String, String>();
        groups.lines()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .forEach(
                        parts -> Stream.of(parts[1].split(",")).forEach(controller -> paths.put(controller, parts[2])));
        return paths;
    }

    private static Path below(Path root, String path) {
        return root.resolve("." + path).normalize();
    }

    private void enter() throws IOException {
        sweep();
        kernel.make(group);
        try {
            kernel.write(group.resolve(MEMBERS), Long.toString(process));
            if (!first) {
                // Refused while anybody else is in the parent itself.
                kernel.write(parent.resolve(CONTROL), "+cpu");
            }
            yieldToOthers(true);
        } catch (IOException refused) {
            leave();
            throw refused;
        }
    }

    /** Removes what processes have left behind that are gone, and what is left of this one's last group. */
    private void sweep() throws IOException {
        for (String name : kernel.in(parent)) {
            if (name.matches(NAME + "[0-9]+") && isLeft(Long.parseLong(name.substring(NAME.length())))) {
                try {
                    kernel.remove(parent.resolve(name));
                } catch (IOException inUse) {
                    // What it has started is there still.
                }
            }
        }
    }

    private boolean isLeft(long maker) {
        return maker == process || !kernel.isAlive(maker);
    }

    /**
     * From now on so much is allowed. The kernel counts by tenths of a second, and gets half a hundredth less: any ten seconds
     * hold the ends of two of them, and a fifth of what one has can be left for later ones (Linux 5.14 and later). Less than a
     * hundredth of a processor is a hundredth.
     *
     * @param nanos of processor time a second, or {@link #NONE}
     * @return false where the kernel refuses, as where a group above has a smaller quota; then nothing has changed
     */
    public synchronized boolean limit(long nanos) {
        long micros = nanos == NONE ? -1 : Math.max(LEAST_MICROS, Math.round(nanos / SECOND * PERIOD_MICROS * PART));
        try {
            // More than the quota would be refused.
            burst(0);
            if (first) {
                kernel.write(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
                kernel.write(group.resolve("cpu.cfs_quota_us"), Long.toString(micros));
            } else {
                kernel.write(group.resolve("cpu.max"), (micros < 0 ? "max" : micros) + " " + PERIOD_MICROS);
            }
            burst(Math.max(0, micros / BURST));
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private void burst(long micros) {
        try {
            kernel.write(group.resolve(first ? "cpu.cfs_burst_us" : "cpu.max.burst"), Long.toString(micros));
        } catch (IOException unknown) {
            // An older kernel.
        }
    }

    /**
     * Whether it has the weight of background work beside other groups, or the usual one.
     *
     * @throws IOException where the kernel refuses
     */
    private void yieldToOthers(boolean background) throws IOException {
        if (first) {
            kernel.write(group.resolve("cpu.shares"), background ? "110" : "1024");
        } else {
            kernel.write(group.resolve("cpu.weight"), background ? "10" : "100");
        }
    }

    /** Gives it the weight of background work beside other groups, or the usual one; false where the kernel refuses. */
    public synchronized boolean background(boolean background) {
        try {
            yieldToOthers(background);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /**
     * No quota any more. The group goes where the kernel allows it, else with the next process that makes one beside it:
     * version 2 lets nobody back into a group that has divided its processors.
     */
    @Override
    public synchronized void close() {
        limit(NONE);
        background(false);
        leave();
    }

    private void leave() {
        try {
            kernel.write(parent.resolve(MEMBERS), Long.toString(process));
            kernel.remove(group);
        } catch (IOException refused) {
            // Its processes are in it still.
        }
    }
}
