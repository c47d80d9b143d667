package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;
import org.medbackup.linux.Subvolumes;

/** Read-only snapshots of Btrfs subvolumes, each put into the root of its own subvolume under a hidden name. */
final class Btrfs implements Means {

    /** Before the name of every snapshot. */
    static final String HIDDEN = ".snapshot-";

    @Override
    public String kind() {
        return "btrfs";
    }

    @Override
    public boolean serves(Place place) {
        return place.mount().type().equals("btrfs");
    }

    private static byte[] bytes(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Fd open(Path folder) {
        return Fd.CWD.open(bytes(folder), Fd.READ | Fd.FOLDER);
    }

    /** The root of the subvolume that a place lies in; null where it is above what is mounted. */
    private static @Nullable Path subvolume(Place place) {
        Path folder = place.real();
        while (folder != null && folder.startsWith(place.mount().point())) {
            try (Fd open = open(folder)) {
                if (Subvolumes.isSubvolume(open)) {
                    return folder;
                }
            }
            folder = folder.getParent();
        }
        return null;
    }

    private static Set<Path> subvolumes(List<Place> places) {
        Set<Path> roots = new LinkedHashSet<>();
        for (Place place : places) {
            Path root = subvolume(place);
            if (root != null) {
                roots.add(root);
            }
        }
        return roots;
    }

    @Override
    public String obstacle(List<Place> places, Deadline deadline) {
        Set<Path> roots = subvolumes(places);
        long hidden = 0;
        for (Place place : places) {
            Path root = subvolume(place);
            if (root == null) {
                return "the root of its Btrfs subvolume is not mounted";
            }
            hidden += hiddenIn(root, place, roots);
        }
        return hidden == 0 ? "" : hidden + " other subvolumes lie in the folders; name each as a folder too";
    }

    private static long hiddenIn(Path root, Place place, Set<Path> taken) {
        try (Fd open = open(root)) {
            return Subvolumes.nested(open).stream()
                    .map(path -> root.resolve(new String(path, StandardCharsets.UTF_8)))
                    .filter(nested -> nested.startsWith(place.real()) && !taken.contains(nested))
                    .filter(nested -> !nested.getFileName().toString().startsWith(HIDDEN))
                    .count();
        }
    }

    @Override
    public boolean isAtomic(List<Place> places, Deadline deadline) {
        return subvolumes(places).size() == 1;
    }

    @Override
    public void take(List<Place> places, Name name, HeldSnapshot into, Deadline deadline) {
        for (Path root : subvolumes(places)) {
            String hidden = HIDDEN + name.text();
            try (Fd subvolume = open(root)) {
                Subvolumes.snapshot(subvolume, subvolume, bytes(hidden));
            } catch (LinuxException failed) {
                throw failed.toBackupException();
            }
            into.removal(() -> delete(root, hidden));
            into.seen(root, root.resolve(hidden));
        }
    }

    private static void delete(Path root, String name) {
        try (Fd subvolume = open(root)) {
            if (subvolume.status(bytes(name)).isPresent()) {
                Subvolumes.delete(subvolume, bytes(name));
            }
        } catch (LinuxException failed) {
            throw failed.toBackupException();
        }
    }

    @Override
    public List<Found> find(List<Place> places, Name name, Deadline deadline) {
        List<Found> found = new ArrayList<>();
        for (Path root : subvolumes(places)) {
            try (Stream<Path> entries = Files.list(root)) {
                entries.map(entry -> entry.getFileName().toString())
                        .filter(entry -> entry.startsWith(HIDDEN) && name.covers(entry.substring(HIDDEN.length())))
                        .forEach(entry ->
                                found.add(new Found(entry.substring(HIDDEN.length()), () -> delete(root, entry))));
            } catch (IOException | UncheckedIOException unreadable) {
                throw ErrorCode.SYSTEM_CALL_FAILED.because("a subvolume cannot be listed", unreadable);
            }
        }
        return found;
    }
}
