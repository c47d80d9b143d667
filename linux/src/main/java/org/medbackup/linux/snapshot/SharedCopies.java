package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Copies that share their blocks with the originals (ioctl FICLONE of XFS and Btrfs, which {@code cp --reflink=always}
 * calls for each file), in a hidden folder beside them.
 */
final class SharedCopies {

    static final String KIND = "reflink";
    private static final String HIDDEN = ".copies-";
    private static final Set<String> TYPES = Set.of("xfs", "btrfs");

    private final Programs programs;

    SharedCopies(Programs programs) {
        this.programs = programs;
    }

    /** Whether it may be tried: the copies have to lie on the same mount, and outside of what is copied. */
    static boolean serves(Place place) {
        return TYPES.contains(place.mount().type())
                && !place.real().equals(place.mount().point());
    }

    /** Copies; false where the file system shares no blocks or a file could not be copied. */
    boolean take(List<Place> places, Name name, HeldSnapshot into, Deadline deadline) {
        int index = 0;
        for (Place place : places) {
            Path home = place.mount().point().resolve(HIDDEN + name.text());
            try {
                if (!Files.exists(home)) {
                    Files.createDirectory(
                            home,
                            java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                                    java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
                    into.removal(() -> remove(home));
                }
                Path copy = home.resolve(String.valueOf(index++));
                programs.run(
                        deadline,
                        "cp",
                        "-a",
                        "--reflink=always",
                        "--one-file-system",
                        "-T",
                        place.real().toString(),
                        copy.toString());
                into.seen(place.real(), copy);
            } catch (IOException impossible) {
                return false;
            } catch (BackupException failed) {
                if (failed.code() == ErrorCode.BUDGET_EXCEEDED) {
                    throw failed;
                }
                return false;
            }
        }
        return true;
    }

    private void remove(Path home) {
        programs.remove("rm", "-rf", "--one-file-system", home.toString());
    }

    List<Means.Found> find(List<Place> places, Name name) {
        List<Means.Found> found = new ArrayList<>();
        for (Path point :
                places.stream().map(each -> each.mount().point()).distinct().toList()) {
            try (Stream<Path> entries = Files.list(point)) {
                entries.forEach(entry -> {
                    String text = entry.getFileName().toString();
                    if (text.startsWith(HIDDEN) && name.covers(text.substring(HIDDEN.length()))) {
                        found.add(new Means.Found(text.substring(HIDDEN.length()), () -> remove(entry)));
                    }
                });
            } catch (IOException | UncheckedIOException unreadable) {
                throw ErrorCode.SYSTEM_CALL_FAILED.because("a folder of copies cannot be listed", unreadable);
            }
        }
        return found;
    }
}
