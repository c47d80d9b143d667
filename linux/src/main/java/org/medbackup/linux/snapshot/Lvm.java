package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;

/**
 * Snapshots of logical volumes (lvcreate(8), lvs(8), lvremove(8) of LVM2), mounted read-only. The device mapper freezes
 * the file system by itself for the instant of each snapshot (fsfreeze(8)).
 */
final class Lvm implements Means {

    /** What is taken for blocks that change while a thick snapshot is there, as a part of the volume. */
    private static final int PART = 5;

    /** Less than this part of the volume is not worth beginning. */
    private static final int LEAST_PART = 50;

    private final Programs programs;
    private final Path mounts;

    Lvm(Programs programs, Path mounts) {
        this.programs = programs;
        this.mounts = mounts;
    }

    /**
     * One logical volume.
     *
     * @param group its volume group
     * @param name in it
     * @param size in bytes
     * @param free bytes of the group that belong to nobody
     * @param pool of a thin volume, otherwise empty
     */
    private record Volume(String group, String name, long size, long free, String pool) {

        boolean isThin() {
            return !pool.isEmpty();
        }

        long room() {
            return Math.min(size / PART, free);
        }
    }

    @Override
    public String kind() {
        return "lvm";
    }

    @Override
    public boolean serves(Place place) {
        return place.mount().source().startsWith("/dev/mapper/")
                || place.mount().source().startsWith("/dev/dm-");
    }

    private Map<MountTable.Mount, Volume> volumes(List<Place> places, Deadline deadline) {
        Map<MountTable.Mount, Volume> volumes = new LinkedHashMap<>();
        for (Place place : places) {
            if (!volumes.containsKey(place.mount())) {
                volumes.put(place.mount(), volume(place.mount().source(), deadline));
            }
        }
        return volumes;
    }

    private Volume volume(String device, Deadline deadline) {
        List<String> lines = programs.run(
                deadline,
                "lvs",
                "--noheadings",
                "--nosuffix",
                "--units",
                "b",
                "--separator",
                "|",
                "-o",
                "vg_name,lv_name,lv_size,vg_free,pool_lv",
                device);
        String[] fields = lines.isEmpty() ? new String[0] : lines.getFirst().split("\\|", -1);
        if (fields.length != 5) {
            throw ErrorCode.APPLICATION_FAILED.because("lvs answers in a form that is not known");
        }
        return new Volume(fields[0], fields[1], Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[4]);
    }

    @Override
    public String obstacle(List<Place> places, Deadline deadline) {
        for (Place place : places) {
            if (!programs.succeeds(
                    deadline,
                    "lvs",
                    "--noheadings",
                    "-o",
                    "lv_name",
                    place.mount().source())) {
                return "its device is no logical volume, or the programs of LVM2 are not installed";
            }
        }
        return volumes(places, deadline).values().stream()
                        .allMatch(volume -> volume.isThin() || volume.free() >= volume.size() / LEAST_PART)
                ? ""
                : "the volume group has no room for a snapshot; add a disk with vgextend";
    }

    @Override
    public boolean isAtomic(List<Place> places, Deadline deadline) {
        return volumes(places, deadline).size() == 1;
    }

    @Override
    public void take(List<Place> places, Name name, HeldSnapshot into, Deadline deadline) {
        List<Runnable> mounting = new ArrayList<>();
        int index = 0;
        for (Map.Entry<MountTable.Mount, Volume> each :
                volumes(places, deadline).entrySet()) {
            String snapshot = name.text() + "-" + index++;
            Volume volume = each.getValue();
            programs.run(deadline, create(volume, snapshot));
            into.removal(() -> removeVolume(volume.group(), snapshot));
            mounting.add(() -> mount(each.getKey(), volume, snapshot, into, deadline));
        }
        // First all snapshots, close together; what comes after has time.
        mounting.forEach(Runnable::run);
    }

    private static String[] create(Volume volume, String snapshot) {
        List<String> call = new ArrayList<>(List.of("lvcreate", "--yes", "--snapshot", "--name", snapshot));
        if (volume.isThin()) {
            // A thin snapshot is not activated by itself.
            call.addAll(List.of("--setactivationskip", "n"));
        } else {
            call.addAll(List.of("--size", volume.room() + "b"));
        }
        call.add(volume.group() + "/" + volume.name());
        return call.toArray(String[]::new);
    }

    private void mount(MountTable.Mount mount, Volume volume, String snapshot, HeldSnapshot into, Deadline deadline) {
        Path point = mounts.resolve(snapshot);
        try {
            Files.createDirectories(
                    point, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException impossible) {
            throw ErrorCode.STATE_UNUSABLE.because("no place to mount a snapshot can be made", impossible);
        }
        into.removal(() -> removeFolder(point));
        // XFS refuses a second file system of the same identity without nouuid.
        String more = mount.type().equals("xfs") ? ",nouuid" : "";
        programs.run(
                deadline,
                "mount",
                "-t",
                mount.type(),
                "-o",
                "ro,nosuid,nodev,noexec" + more,
                "/dev/" + volume.group() + "/" + snapshot,
                point.toString());
        into.removal(() -> programs.remove("umount", point.toString()));
        Path root = Path.of("/").relativize(mount.root());
        into.seen(mount.point(), point.resolve(root));
    }

    private void removeVolume(String group, String snapshot) {
        programs.remove("lvremove", "--yes", group + "/" + snapshot);
    }

    private static void removeFolder(Path point) {
        try {
            Files.deleteIfExists(point);
        } catch (IOException left) {
            throw ErrorCode.STATE_UNUSABLE.because("the place of a snapshot cannot be removed", left);
        }
    }

    @Override
    public List<Found> find(List<Place> places, Name name, Deadline deadline) {
        List<Found> found = new ArrayList<>();
        for (Volume volume : volumes(places, deadline).values()) {
            List<String> lines = programs.run(
                    deadline, "lvs", "--noheadings", "--separator", "|", "-o", "lv_name,origin", volume.group());
            for (String line : lines) {
                int end = line.indexOf('|');
                int dash = line.lastIndexOf('-', Math.max(end, 0));
                boolean ours = end > 0
                        && dash > 0
                        && line.substring(end + 1).equals(volume.name())
                        && name.covers(line.substring(0, dash));
                if (ours) {
                    String snapshot = line.substring(0, end);
                    found.add(new Found(line.substring(0, dash), () -> remove(volume.group(), snapshot)));
                }
            }
        }
        return found;
    }

    private void remove(String group, String snapshot) {
        Path point = mounts.resolve(snapshot);
        if (isMounted(point)) {
            programs.remove("umount", point.toString());
        }
        removeFolder(point);
        removeVolume(group, snapshot);
    }

    private static boolean isMounted(Path point) {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return mounts.anyMatch(line -> line.contains(" " + point + " "));
        } catch (IOException unreadable) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("the table of mounts cannot be read", unreadable);
        }
    }
}
