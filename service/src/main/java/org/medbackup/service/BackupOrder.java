package org.medbackup.service;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;

/**
 * One backup of file trees.
 *
 * @param paths absolute
 * @param source name of the source; empty for one made from the paths
 * @param tags to be kept with the restore point
 * @param exclusions shell patterns
 * @param oneFileSystem whether other file systems are left out
 */
public record BackupOrder(
        List<PathBytes> paths,
        String source,
        SortedMap<String, String> tags,
        List<String> exclusions,
        boolean oneFileSystem) {

    public BackupOrder {
        paths = List.copyOf(paths);
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        exclusions = List.copyOf(exclusions);
    }

    /** A backup of some paths, everything else by default. */
    public static BackupOrder of(List<PathBytes> paths) {
        return new BackupOrder(paths, "", Collections.emptySortedMap(), List.of(), false);
    }

    /** The name of the source: the given one, or the paths joined by colons. */
    String sourceName() {
        return source.isEmpty()
                ? String.join(
                        ":", paths.stream().map(PathBytes::toString).sorted().toList())
                : source;
    }
}
