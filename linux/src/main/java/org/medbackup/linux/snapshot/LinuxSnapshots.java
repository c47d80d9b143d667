package org.medbackup.linux.snapshot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/**
 * Snapshots of Btrfs subvolumes by system call, of logical volumes and ZFS datasets by their programs, copies that share
 * their blocks, and freezing by system call. All need root. Safe for use by several threads.
 */
public final class LinuxSnapshots implements FileSystemSnapshots {

    private static final Duration PROBE = Duration.ofSeconds(5);

    private final Path mountInfo;
    private final Path state;
    private final List<Means> means;
    private final SharedCopies copies;
    private final FrozenFileSystems frozen;

    /**
     * As {@link #of}, with another table of mounts.
     *
     * @param mountInfo in the form of {@code /proc/self/mountinfo}
     */
    public LinuxSnapshots(Processes processes, Path state, Path mountInfo) {
        var programs = new Programs(processes);
        this.mountInfo = mountInfo;
        this.state = state.toAbsolutePath();
        this.means = List.of(new Btrfs(), new Zfs(programs), new Lvm(programs, this.state));
        this.copies = new SharedCopies(programs);
        this.frozen = new FrozenFileSystems(List.of(this.state));
    }

    /**
     * Those of this machine.
     *
     * @param processes starts the programs of volume managers
     * @param state a folder of our own for what is mounted and held; its file system is never frozen
     */
    public static LinuxSnapshots of(Processes processes, Path state) {
        return new LinuxSnapshots(processes, state, Path.of("/proc/self/mountinfo"));
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), PROBE);
    }

    private List<Place> places(List<Path> folders) {
        return Place.of(folders, MountTable.read(mountInfo));
    }

    private Map<Means, List<Place>> byMeans(List<Place> places) {
        Map<Means, List<Place>> groups = new LinkedHashMap<>();
        for (Place place : places) {
            for (Means each : means) {
                if (each.serves(place)) {
                    groups.computeIfAbsent(each, first -> new ArrayList<>()).add(place);
                    break;
                }
            }
        }
        return groups;
    }

    @Override
    public Ability probe(List<Path> folders) {
        List<Place> places = places(folders);
        String obstacle = obstacle(places);
        if (!obstacle.isEmpty()) {
            return new Ability("", false, obstacle);
        }
        Map<Means, List<Place>> groups = byMeans(places);
        boolean atomic = groups.size() == 1
                && groups.entrySet().stream().allMatch(each -> each.getKey().isAtomic(each.getValue(), soon()));
        return new Ability(kind(groups), atomic, "");
    }

    private static String kind(Map<Means, List<Place>> groups) {
        return String.join("+", groups.keySet().stream().map(Means::kind).toList());
    }

    private String obstacle(List<Place> places) {
        MountTable table = MountTable.read(mountInfo);
        List<Path> all = places.stream().map(Place::real).toList();
        long hidden = places.stream()
                .mapToLong(place -> table.below(place.real(), all))
                .sum();
        if (hidden > 0) {
            return hidden + " other file systems are mounted in the folders; name each as a folder too";
        }
        for (Place place : places) {
            if (means.stream().noneMatch(each -> each.serves(place))) {
                return "a file system of the kind " + place.mount().type()
                        + " that is on no logical volume has no snapshots";
            }
        }
        return byMeans(places).entrySet().stream()
                .map(each -> each.getKey().obstacle(each.getValue(), soon()))
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse("");
    }

    @Override
    public Taken take(List<Path> folders, String run, Deadline deadline) {
        List<Place> places = places(folders);
        String obstacle = obstacle(places);
        if (!obstacle.isEmpty()) {
            throw ErrorCode.APPLICATION_NOT_READY.because(obstacle);
        }
        Map<Means, List<Place>> groups = byMeans(places);
        var name = new Name(run);
        HeldSnapshot held = hold(kind(groups), name, places);
        try {
            groups.forEach((each, its) -> each.take(its, name, held, deadline));
            return held;
        } catch (BackupException failed) {
            throw undone(held, failed);
        }
    }

    private HeldSnapshot hold(String kind, Name name, List<Place> places) {
        Holding holding = Holding.of(state, name.text());
        if (holding == null) {
            throw ErrorCode.APPLICATION_NOT_READY.because("another backup holds a snapshot of this name");
        }
        return new HeldSnapshot(kind, holding, places);
    }

    private static BackupException undone(HeldSnapshot held, BackupException failed) {
        try {
            held.close();
        } catch (BackupException left) {
            failed.addSuppressed(left);
        }
        return failed;
    }

    @Override
    public @Nullable Taken share(List<Path> folders, String run, Deadline deadline) {
        List<Place> places = places(folders);
        if (!places.stream().allMatch(SharedCopies::serves)) {
            return null;
        }
        var name = new Name(run);
        HeldSnapshot held = hold(SharedCopies.KIND, name, places);
        try {
            if (copies.take(places, name, held, deadline)) {
                return held;
            }
        } catch (BackupException late) {
            throw undone(held, late);
        }
        held.close();
        return null;
    }

    @Override
    public int removeLeftovers(List<Path> folders, String run, Deadline deadline) {
        List<Place> places = places(folders);
        var name = new Name(run);
        List<Means.Found> found = new ArrayList<>();
        byMeans(places).forEach((each, its) -> {
            if (each.obstacle(its, soon()).isEmpty()) {
                found.addAll(each.find(its, name, deadline));
            }
        });
        found.addAll(copies.find(places.stream().filter(SharedCopies::serves).toList(), name));
        int removed = 0;
        for (Means.Found each : found) {
            try (Holding nobody = Holding.of(state, each.name())) {
                if (nobody != null) {
                    each.removal().run();
                    removed++;
                }
            }
        }
        return removed;
    }

    @Override
    public String freezeObstacle(List<Path> folders) {
        return frozen.obstacle(places(folders), MountTable.read(mountInfo));
    }

    @Override
    public void freeze(List<Path> folders, Deadline deadline) {
        String obstacle = freezeObstacle(folders);
        if (!obstacle.isEmpty()) {
            throw ErrorCode.APPLICATION_NOT_READY.because(obstacle);
        }
        frozen.freeze(places(folders), deadline);
    }

    @Override
    public boolean isFrozen(List<Path> folders) {
        return FrozenFileSystems.isFrozen(places(folders));
    }

    @Override
    public void thaw(List<Path> folders, Deadline deadline) {
        FrozenFileSystems.thaw(places(folders));
    }
}
