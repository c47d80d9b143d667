package org.medbackup.governor.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.linux.Devices;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/**
 * Signals of this machine:
 *
 * <ul>
 *   <li>{@code disk-read:/PATH}: seconds of a direct read of 4 KiB of a file
 *   <li>{@code psi:cpu}, {@code psi:io}, {@code psi:memory}: share of the time in which something stood still for it; with
 *       {@code :/sys/fs/cgroup/GROUP} behind it, of one group
 *   <li>{@code run-queue:host}, {@code run-queue:PID}: mean seconds that a task waited for a processor
 *   <li>{@code disk-await:DISK}, or a path on it: mean seconds of its reads and writes
 *   <li>{@code steal:host}: share of processor time that the hypervisor gave to others
 * </ul>
 */
public final class MachineSignals implements SignalProvider {

    private final Path proc;

    /** Of this machine. */
    public MachineSignals() {
        this(Path.of("/proc"));
    }

    MachineSignals(Path proc) {
        this.proc = proc;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("disk-read", "psi", "run-queue", "disk-await", "steal");
    }

    @Override
    public ProductionSignal open(URI address, TimeSource time, Duration timeout) {
        String kind = address.getScheme();
        return switch (kind) {
            case "disk-read" ->
                new MeasuredSignal(kind, Unit.SECONDS, time, timeout, new DirectRead(time, Addresses.path(address)));
            case "psi" -> pressure(address, time, timeout);
            case "run-queue" ->
                new MeasuredSignal(kind, Unit.SECONDS, time, timeout, new Growth(time, runQueue(address)));
            case "disk-await" ->
                new MeasuredSignal(kind, Unit.SECONDS, time, timeout, new Growth(time, await(address)));
            default -> {
                if (!Addresses.rest(address).equals("host")) {
                    throw Addresses.wrong(address, "host is wanted after the colon");
                }
                yield new MeasuredSignal(
                        kind,
                        Unit.SHARE,
                        time,
                        timeout,
                        new Growth(time, () -> KernelFiles.steal(proc.resolve("stat"))));
            }
        };
    }

    private ProductionSignal pressure(URI address, TimeSource time, Duration timeout) {
        String[] rest = Addresses.rest(address).split(":", 2);
        if (!rest[0].matches("cpu|io|memory") || rest.length > 1 && !rest[1].startsWith("/")) {
            throw Addresses.wrong(address, "cpu, io or memory is wanted, and the folder of a group at most");
        }
        Path file = rest.length == 1
                ? proc.resolve("pressure").resolve(rest[0])
                : Path.of(rest[1]).resolve(rest[0] + ".pressure");
        return new MeasuredSignal(
                "psi:" + rest[0],
                Unit.SHARE,
                time,
                timeout,
                new Growth(time, () -> KernelFiles.pressure(file, time.nanos())));
    }

    private Growth.Source runQueue(URI address) {
        String whose = Addresses.rest(address);
        if (whose.equals("host")) {
            return () -> KernelFiles.runQueue(proc.resolve("schedstat"));
        }
        if (!whose.matches("\\d{1,9}")) {
            throw Addresses.wrong(address, "host or the number of a process is wanted");
        }
        return () -> KernelFiles.runQueueOf(proc.resolve(whose).resolve("task"));
    }

    private Growth.Source await(URI address) {
        String disk = Addresses.rest(address);
        Path statistics = proc.resolve("diskstats");
        if (disk.startsWith("/")) {
            return () -> KernelFiles.await(statistics, diskBelow(disk));
        }
        if (!disk.matches("[A-Za-z0-9_!-]+")) {
            throw Addresses.wrong(address, "the name of a disk or an absolute path is wanted");
        }
        return () -> KernelFiles.await(statistics, disk);
    }

    private static String diskBelow(String path) throws java.io.IOException {
        try (Fd open = Fd.CWD.open(path.getBytes(UTF_8), Fd.READ | Fd.NON_BLOCK)) {
            return Devices.disk(open.status().device());
        } catch (LinuxException absent) {
            throw new java.io.IOException("no such path", absent);
        }
    }
}
