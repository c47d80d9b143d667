package org.medbackup.linux.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/**
 * A folder to snapshot, and what it lies on.
 *
 * @param original as the caller names it
 * @param real without symlinks
 * @param mount what it lies on
 */
record Place(Path original, Path real, MountTable.Mount mount) {

    static List<Place> of(List<Path> folders, MountTable table) {
        List<Place> places = new ArrayList<>();
        for (Path folder : folders) {
            Path real = real(folder);
            places.add(new Place(folder, real, table.of(real)));
        }
        return places;
    }

    private static Path real(Path folder) {
        try {
            if (!folder.isAbsolute() || !Files.isDirectory(folder)) {
                throw ErrorCode.APPLICATION_NOT_READY
                        .because("a folder of the application is not there")
                        .about(folder);
            }
            return folder.toRealPath();
        } catch (IOException impossible) {
            throw ErrorCode.APPLICATION_NOT_READY
                    .because("a folder of the application cannot be reached", impossible)
                    .about(folder);
        }
    }
}
