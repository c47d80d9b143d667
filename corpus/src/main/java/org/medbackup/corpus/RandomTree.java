package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.corpus.TreeEntry.Folder;
import org.medbackup.corpus.TreeEntry.Metadata;
import org.medbackup.corpus.TreeEntry.RegularFile;
import org.medbackup.corpus.TreeEntry.Symlink;

/**
 * File trees by seed, made to find what a backup overlooks: odd and foreign names, sizes around the boundaries of blocks
 * and chunks, holes, hard links, links to nowhere, the same bytes in several files; and edits to follow.
 */
public final class RandomTree {

    private static final long EARLIEST = 1_704_067_200;
    private static final int YEAR_IN_SECONDS = 365 * 24 * 3600;
    private static final int DEEPEST = 5;

    private RandomTree() {}

    /**
     * What a tree may have.
     *
     * @param entries about how many
     * @param largest size of a file in bytes; a few files come near 5 MiB if it allows
     * @param foreign whether some names are no UTF-8, which java.nio cannot create
     */
    public record Shape(int entries, long largest, boolean foreign) {

        /** 60 entries of up to 8 MiB, all names UTF-8. */
        public static final Shape USUAL = new Shape(60, 8 << 20, false);

        /** As many entries as that, no file above 64 KiB: for tests that walk many seeds. */
        public static final Shape SMALL = new Shape(60, 64 << 10, false);

        public Shape {
            if (entries < 0 || largest < 1) {
                throw new IllegalArgumentException(
                        "a tree has no less than 0 entries, its largest file at least 1 byte");
            }
        }

        /** With some names that are no UTF-8. */
        public Shape withForeignNames() {
            return new Shape(entries, largest, true);
        }
    }

    /** The tree of a seed in the usual shape. */
    public static FileTree of(long seed) {
        return of(seed, Shape.USUAL);
    }

    /** The tree of a seed. */
    public static FileTree of(long seed, Shape shape) {
        var random = SeededRandom.of(seed);
        var entries = new TreeMap<RawPath, TreeEntry>();
        for (int i = 0; i < shape.entries; i++) {
            RawPath path = freePath(random, entries, shape.foreign);
            entries.put(path, entry(random, entries, shape.largest));
        }
        return FileTree.of(entries);
    }

    /**
     * Edits that fit a tree, one after the other; most change a file in place. What is UTF-8 stays so: a name moves or is
     * linked only to one of the same sort, so that the edits of either sort can be made without the others.
     */
    public static List<TreeEdit> edits(FileTree tree, long seed) {
        // The tree has its part in the draw: the edits number 1 of two trees shall not be of the same sorts.
        long state = tree.latest().toEpochMilli();
        return RandomEdits.of(tree, SeededRandom.of(seed, state));
    }

    /** A name that is free, in a folder of the tree. */
    static RawPath freePath(SeededRandom random, SortedMap<RawPath, TreeEntry> entries, boolean foreign) {
        var folders = new ArrayList<RawPath>(List.of(RawPath.ROOT));
        entries.forEach((path, entry) -> {
            if (entry instanceof Folder && path.depth() < DEEPEST) {
                folders.add(path);
            }
        });
        while (true) {
            byte[] name = foreign && random.oneIn(12) ? OddNames.foreign(random) : OddNames.text(random);
            RawPath path = random.pick(folders).resolve(name);
            if (!entries.containsKey(path)) {
                return path;
            }
        }
    }

    private static TreeEntry entry(SeededRandom random, SortedMap<RawPath, TreeEntry> entries, long largest) {
        Instant time = Instant.ofEpochSecond(EARLIEST + random.below(YEAR_IN_SECONDS), nanos(random));
        List<RegularFile> files = files(entries);
        return switch (random.below(12)) {
            case 0, 1 -> new Folder(new Metadata(random.pick(0755, 0750, 0700), time));
            case 2 -> new Symlink(target(random, entries), new Metadata(0777, time));
            case 3 -> files.isEmpty() ? file(random, largest, time) : random.pick(files);
            default -> file(random, largest, time);
        };
    }

    static List<RegularFile> files(SortedMap<RawPath, TreeEntry> entries) {
        return entries.values().stream()
                .filter(RegularFile.class::isInstance)
                .map(RegularFile.class::cast)
                .toList();
    }

    static RegularFile file(SeededRandom random, long largest, Instant time) {
        int mode = random.pick(0644, 0600, 0640, 0664, 0755);
        return new RegularFile(random.nextLong() >>> 1, RandomContent.of(random, largest), new Metadata(mode, time));
    }

    /** Whole seconds, whole microseconds or any nanosecond: each is somewhere cut off. */
    static int nanos(SeededRandom random) {
        int nanos = random.below(1_000_000_000);
        return random.pick(0, nanos / 1000 * 1000, nanos, 999_999_999);
    }

    private static byte[] target(SeededRandom random, SortedMap<RawPath, TreeEntry> entries) {
        if (entries.isEmpty() || random.oneIn(3)) {
            return random.pick("nowhere", "/nowhere at all", "..", ".", "x".repeat(1000))
                    .getBytes(StandardCharsets.UTF_8);
        }
        return random.pick(List.copyOf(entries.keySet())).bytes();
    }
}
