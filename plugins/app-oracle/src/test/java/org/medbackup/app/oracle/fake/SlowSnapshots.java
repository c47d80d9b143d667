package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.medbackup.testkit.FolderSnapshots;

/** Snapshots by copying; of one instant, or half a file after the other while applications write. */
public final class SlowSnapshots {

    private SlowSnapshots() {}

    /** What happens in the middle of each data file is seen by those that are not of one instant. */
    public static FolderSnapshots of(Path store, boolean atomic, Runnable between) {
        return new FolderSnapshots(
                store, atomic, between, (file, target) -> copy(file, target, atomic ? () -> {} : between));
    }

    private static void copy(Path file, Path target, Runnable between) throws IOException {
        String text = Files.readString(file);
        int middle = text.indexOf(DataFile.MIDDLE);
        if (middle < 0) {
            Files.writeString(target, text);
            return;
        }
        between.run();
        String later = Files.readString(file);
        Files.writeString(target, text.substring(0, middle) + later.substring(later.indexOf(DataFile.MIDDLE)));
    }
}
