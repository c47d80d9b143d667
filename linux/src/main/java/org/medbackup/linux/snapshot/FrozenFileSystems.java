package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.Fd;
import org.medbackup.linux.Freezing;
import org.medbackup.linux.LinuxException;

/**
 * Freezes file systems, and refuses those whose freeze would stop the one who has to thaw them: the root, and every one
 * that this process writes to.
 */
final class FrozenFileSystems {

    private static final Path ROOT = Path.of("/");
    /** Those on a device of this machine whose freeze is a stable image of it. */
    private static final Set<String> TYPES = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs");

    private final List<Path> own;

    FrozenFileSystems(List<Path> own) {
        this.own = List.copyOf(own);
    }

    /** Why not, empty where they can be frozen. */
    String obstacle(List<Place> places, MountTable table) {
        Set<String> ours = ours(table);
        for (Place place : places) {
            MountTable.Mount mount = place.mount();
            if (!TYPES.contains(mount.type())) {
                return "a file system of the kind " + mount.type() + " is not frozen";
            }
            if (mount.device().equals(table.of(ROOT).device())) {
                return "the root file system is not frozen";
            }
            if (ours.contains(mount.device())) {
                return "this program writes its own state, journal or log to that file system";
            }
        }
        return "";
    }

    private Set<String> ours(MountTable table) {
        Set<String> devices = new TreeSet<>();
        Stream.of(own, List.of(Path.of("").toAbsolutePath(), Path.of(System.getProperty("java.io.tmpdir"))), written())
                .flatMap(List::stream)
                .map(FrozenFileSystems::real)
                .forEach(path -> devices.add(table.of(path).device()));
        return devices;
    }

    /** The path itself, or of its parents the nearest that is there. */
    private static Path real(Path path) {
        Path there = path.toAbsolutePath();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there.toRealPath();
        } catch (IOException gone) {
            return ROOT;
        }
    }

    /** The files that this process has open for writing, such as its log: {@code /proc/self/fd} and {@code fdinfo}. */
    private static List<Path> written() {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path number : open.toList()) {
                addWritten(number, files);
            }
        } catch (IOException | UncheckedIOException unreadable) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("the open files of this process cannot be listed", unreadable);
        }
        return files;
    }

    private static void addWritten(Path number, List<Path> files) {
        try {
            Path file = Files.readSymbolicLink(number);
            String facts = Files.readString(Path.of("/proc/self/fdinfo", String.valueOf(number.getFileName())));
            int at = facts.indexOf("flags:");
            int flags = Integer.parseInt(
                    facts.substring(at + 6, facts.indexOf('\n', at)).strip(), 8);
            if (file.isAbsolute() && (flags & 3) != 0) {
                files.add(file);
            }
        } catch (IOException closedMeanwhile) {
            // What is closed is not written to.
        }
    }

    private static Map<String, Path> points(List<Place> places) {
        Map<String, Path> points = new LinkedHashMap<>();
        places.forEach(place -> points.putIfAbsent(place.mount().device(), place.real()));
        return points;
    }

    private static Fd open(Path folder) {
        return Fd.CWD.open(folder.toString().getBytes(StandardCharsets.UTF_8), Fd.READ | Fd.FOLDER);
    }

    /** All or none. */
    void freeze(List<Place> places, Deadline deadline) {
        List<Path> frozen = new ArrayList<>();
        try {
            for (Path folder : points(places).values()) {
                deadline.check("freeze");
                if (!freeze(folder)) {
                    throw ErrorCode.APPLICATION_NOT_READY.because("somebody else has frozen a file system");
                }
                frozen.add(folder);
            }
        } catch (BackupException failed) {
            frozen.forEach(FrozenFileSystems::thaw);
            throw failed;
        }
    }

    private static boolean freeze(Path folder) {
        try (Fd open = open(folder)) {
            return Freezing.freeze(open);
        } catch (LinuxException failed) {
            throw failed.toBackupException();
        }
    }

    private static boolean thaw(Path folder) {
        try (Fd open = open(folder)) {
            return Freezing.thaw(open);
        } catch (LinuxException failed) {
            throw failed.toBackupException();
        }
    }

    /** The kernel does not tell; only an attempt does. */
    static boolean isFrozen(List<Place> places) {
        boolean all = true;
        for (Path folder : points(places).values()) {
            if (freeze(folder)) {
                thaw(folder);
                all = false;
            }
        }
        return all;
    }

    static void thaw(List<Place> places) {
        for (Path folder : points(places).values()) {
            // Until the kernel itself says that it is not frozen.
            while (thaw(folder)) {
                Thread.onSpinWait();
            }
        }
    }
}
