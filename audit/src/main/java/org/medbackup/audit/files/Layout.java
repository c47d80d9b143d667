package org.medbackup.audit.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.audit.merkle.GrowingTree;

/**
 * The names of a trail's files. Tiles are named as c2sp.org/tlog-tiles says; entries lie beside them in files of 256,
 * numbered in the same way.
 */
public record Layout(Path folder) {

    /** Entries in a bundle: as many as a tile of the lowest level has hashes. */
    public static final int BUNDLE = GrowingTree.TILE_WIDTH;

    private static final Pattern BUNDLE_NAME = Pattern.compile("entries/((?:x\\d{3}/)*\\d{3})");
    private static final Pattern TILE_NAME = Pattern.compile("tile/(\\d)/((?:x\\d{3}/)*\\d{3})");
    private static final Pattern STAMP_NAME = Pattern.compile("stamps/(\\d{12,})\\.tst");
    private static final Pattern TORN_NAME = Pattern.compile("torn/(\\d{12,})-(?:entries|checkpoints)");

    /** The layout of a folder, which is made where it is missing. */
    public static Layout make(Disk disk, Path folder) {
        try {
            disk.makeFolders(folder.toAbsolutePath().normalize());
            return new Layout(folder.toRealPath());
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }

    /** The layout of a folder that may be missing. Always by its real path: the lock inside the process goes by it. */
    public static Layout find(Path folder) {
        try {
            return new Layout(folder.toRealPath());
        } catch (IOException missing) {
            return new Layout(folder.toAbsolutePath().normalize());
        }
    }

    /** What a file is, by its name. */
    public sealed interface Kind {

        /** A file that is always there, or may be left by a crash. */
        record Fixed() implements Kind {}

        /** Entries. */
        record Bundle(long number) implements Kind {}

        /** Hashes. */
        record Tile(int level, long number) implements Kind {}

        /** A token that attests when a checkpoint was there. */
        record Stamp(long size) implements Kind {}

        /** Bytes that were cut off, kept as evidence. */
        record Torn(String name, long entry) implements Kind {}

        /** None of ours. */
        record Unknown() implements Kind {}
    }

    /** Held while anything is written; empty. */
    public Path lock() {
        return folder.resolve("lock");
    }

    public Path key() {
        return folder.resolve("key.pub");
    }

    public Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    /** Where a file is written that gets its name when it is whole. */
    public Path unfinished() {
        return folder.resolve("unfinished");
    }

    public Path bundle(long number) {
        return folder.resolve("entries").resolve(numbered(number));
    }

    public Path tile(int level, long number) {
        return folder.resolve("tile").resolve(Integer.toString(level)).resolve(numbered(number));
    }

    /** The bytes that entry {@code entry} says were cut off. */
    public Path torn(long entry, String kind) {
        return folder.resolve("torn").resolve(tornName(entry, kind));
    }

    /** The time-stamp of the checkpoint of a size. */
    public Path stamp(long size) {
        return folder.resolve("stamps").resolve(String.format(Locale.ROOT, "%012d.tst", size));
    }

    public static String tornName(long entry, String kind) {
        return String.format(Locale.ROOT, "%012d-%s", entry, kind);
    }

    /** Groups of three digits, all but the last after an x: 1234067 is x001/x234/067. */
    private static String numbered(long number) {
        String name = String.format(Locale.ROOT, "%03d", number % 1000);
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            name = String.format(Locale.ROOT, "x%03d/", rest % 1000) + name;
        }
        return name;
    }

    /** What a file below the folder is; a name that we would write otherwise is none of ours. */
    public Kind kindOf(Path file) {
        if (file.equals(lock()) || file.equals(key()) || file.equals(checkpoints()) || file.equals(unfinished())) {
            return new Kind.Fixed();
        }
        String name = folder.relativize(file).toString();
        Matcher match = BUNDLE_NAME.matcher(name);
        if (match.matches() && file.equals(bundle(number(match.group(1))))) {
            return new Kind.Bundle(number(match.group(1)));
        }
        match = TILE_NAME.matcher(name);
        if (match.matches() && file.equals(tile(match.group(1).charAt(0) - '0', number(match.group(2))))) {
            return new Kind.Tile(match.group(1).charAt(0) - '0', number(match.group(2)));
        }
        match = STAMP_NAME.matcher(name);
        if (match.matches() && file.equals(stamp(number(match.group(1))))) {
            return new Kind.Stamp(number(match.group(1)));
        }
        match = TORN_NAME.matcher(name);
        if (match.matches()) {
            return new Kind.Torn(String.valueOf(file.getFileName()), number(match.group(1)));
        }
        return new Kind.Unknown();
    }

    /** Negative, and so none of ours, where the digits say more than a trail can hold. */
    private static long number(String name) {
        String digits = name.replace("x", "").replace("/", "");
        return digits.length() > 15 ? -1 : Long.parseLong(digits);
    }
}
