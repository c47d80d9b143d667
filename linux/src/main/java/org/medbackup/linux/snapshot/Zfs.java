package org.medbackup.linux.snapshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;

/** Snapshots of ZFS datasets (zfs-snapshot(8)): one command takes those of several datasets of a pool at one instant. */
final class Zfs implements Means {

    private final Programs programs;

    Zfs(Programs programs) {
        this.programs = programs;
    }

    @Override
    public String kind() {
        return "zfs";
    }

    @Override
    public boolean serves(Place place) {
        return place.mount().type().equals("zfs");
    }

    private static List<MountTable.Mount> datasets(List<Place> places) {
        return places.stream().map(Place::mount).distinct().toList();
    }

    private static List<String> pools(List<Place> places) {
        return datasets(places).stream().map(Zfs::pool).distinct().toList();
    }

    private static String pool(MountTable.Mount dataset) {
        int end = dataset.source().indexOf('/');
        return end < 0 ? dataset.source() : dataset.source().substring(0, end);
    }

    @Override
    public String obstacle(List<Place> places, Deadline deadline) {
        for (MountTable.Mount dataset : datasets(places)) {
            if (!dataset.root().equals(Path.of("/"))) {
                return "only a part of its ZFS dataset is mounted";
            }
            if (!programs.succeeds(deadline, "zfs", "list", "-H", "-o", "name", dataset.source())) {
                return "its dataset is not known to zfs, or the program zfs is not installed";
            }
        }
        return "";
    }

    @Override
    public boolean isAtomic(List<Place> places, Deadline deadline) {
        return pools(places).size() == 1;
    }

    @Override
    public void take(List<Place> places, Name name, HeldSnapshot into, Deadline deadline) {
        for (String pool : pools(places)) {
            List<String> call = new ArrayList<>(List.of("zfs", "snapshot"));
            for (MountTable.Mount dataset : datasets(places)) {
                if (pool(dataset).equals(pool)) {
                    call.add(dataset.source() + "@" + name.text());
                }
            }
            programs.run(deadline, call.toArray(String[]::new));
            for (String snapshot : call.subList(2, call.size())) {
                into.removal(() -> destroy(snapshot));
            }
        }
        for (MountTable.Mount dataset : datasets(places)) {
            into.seen(dataset.point(), dataset.point().resolve(".zfs/snapshot").resolve(name.text()));
        }
    }

    private void destroy(String snapshot) {
        programs.remove("zfs", "destroy", snapshot);
    }

    @Override
    public List<Found> find(List<Place> places, Name name, Deadline deadline) {
        List<Found> found = new ArrayList<>();
        for (MountTable.Mount dataset : datasets(places)) {
            String start = dataset.source() + "@";
            for (String snapshot : programs.run(
                    deadline, "zfs", "list", "-H", "-t", "snapshot", "-o", "name", "-d", "1", dataset.source())) {
                if (snapshot.startsWith(start) && name.covers(snapshot.substring(start.length()))) {
                    found.add(new Found(snapshot.substring(start.length()), () -> destroy(snapshot)));
                }
            }
        }
        return found;
    }
}
