package org.medbackup.audit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import org.medbackup.audit.files.Layout;

/** Looks at every name below a trail's folder; keeps counts, not names. Symbolic links are none of the trail's. */
final class Inventory {

    /** Levels of tiles that a name can have. */
    private static final int LEVELS = 10;

    private final Findings findings;
    private final Set<String> torn = new TreeSet<>();
    private final Set<Long> stamps = new TreeSet<>();
    private final long[] tiles = new long[LEVELS];
    private long bundles;
    private boolean anything;

    private Inventory(Findings findings) {
        this.findings = findings;
    }

    static Inventory take(Layout layout, Findings findings) throws IOException {
        var inventory = new Inventory(findings);
        Files.walkFileTree(layout.folder(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                inventory.add(layout, file, attributes);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }
        });
        return inventory;
    }

    private void add(Layout layout, Path file, BasicFileAttributes attributes) {
        anything = true;
        Layout.Kind kind = attributes.isRegularFile() ? layout.kindOf(file) : new Layout.Kind.Unknown();
        switch (kind) {
            case Layout.Kind.Fixed _ -> {}
            case Layout.Kind.Bundle bundle -> bundles = Math.max(bundles, bundle.number() + 1);
            case Layout.Kind.Tile tile -> tiles[tile.level()] = Math.max(tiles[tile.level()], tile.number() + 1);
            case Layout.Kind.Stamp stamp -> stamps.add(stamp.size());
            case Layout.Kind.Torn evidence -> {
                if (torn.size() < Findings.MOST) {
                    torn.add(evidence.name());
                }
            }
            case Layout.Kind.Unknown _ ->
                findings.add(
                        Finding.Code.UNKNOWN_FILE,
                        -1,
                        "a file that is none of the trail's: " + layout.folder().relativize(file));
        }
    }

    boolean isEmpty() {
        return !anything;
    }

    /** One more than the number of the last file of entries. */
    long bundles() {
        return bundles;
    }

    /** Sizes of checkpoints of which there are time-stamps. */
    Set<Long> stamps() {
        return stamps;
    }

    /** Names below {@code torn/}. */
    Set<String> torn() {
        return torn;
    }

    /** Says which level has more tiles than a tree of that size. */
    void compareTiles(long size) {
        for (int level = 0; level < LEVELS; level++) {
            long full = 8 * (level + 1) > 62 ? 0 : size >> (8 * (level + 1));
            if (tiles[level] > full) {
                findings.add(
                        Finding.Code.TRUNCATED,
                        size,
                        "a tile of level " + level + " proves that there were more entries than " + size);
            }
        }
    }
}
