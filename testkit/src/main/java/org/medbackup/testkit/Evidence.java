package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * How large a test is, and what a large one has counted. {@code ./check --long} sets the system property {@code long};
 * {@code dev/evidence} then takes the counts to {@code docs/evidence}. Safe for use by several threads.
 */
public final class Evidence {

    private Evidence() {}

    /** Whether this is the long run. */
    public static boolean isLong() {
        return Boolean.getBoolean("long");
    }

    /** How many rounds: few on every run, many on the long one. */
    public static int rounds(int few, int many) {
        return isLong() ? many : few;
    }

    /**
     * Keeps what a long run has counted, as JSON in {@code target/evidence/NAME/PART.json} of the project, with the
     * seconds that it took and the load of the machine at its end; a short run keeps nothing.
     *
     * @param name of the evidence
     * @param part of it, where several tests add to one
     * @param started by {@link System#nanoTime}
     */
    public static void keep(String name, String part, long started, SortedMap<String, Long> counts) {
        if (isLong()) {
            var all = new TreeMap<String, Number>(counts);
            all.put("seconds", (System.nanoTime() - started) / 1_000_000_000);
            all.put("loadAtEnd", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            write(Path.of(System.getProperty("medbackup.root", ".")), name, part, all);
        }
    }

    /** Writes the counts below a folder. */
    static Path write(Path root, String name, String part, SortedMap<String, ? extends Number> counts) {
        var members = new StringJoiner(",\n ", "{", "}\n");
        counts.forEach((key, count) -> members.add("\"" + key + "\": " + count));
        try {
            Path folder =
                    Files.createDirectories(root.resolve("target/evidence").resolve(name));
            return Files.writeString(folder.resolve(part + ".json"), members.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
