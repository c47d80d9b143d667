package org.medbackup.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.medbackup.corpus.SeededRandom;

/** Files to back up. */
final class Papers {

    private static final int PIECE = 1 << 20;

    private Papers() {}

    static Path write(Path file, long seed, int mebibytes) {
        SeededRandom random = SeededRandom.of(seed);
        try {
            Files.createDirectories(file.getParent());
            try (var out = Files.newOutputStream(file)) {
                for (int piece = 0; piece < mebibytes; piece++) {
                    var bytes = new byte[PIECE];
                    for (int at = 0; at < PIECE; at += 4) {
                        int word = random.nextInt();
                        bytes[at] = (byte) word;
                        bytes[at + 1] = (byte) (word >> 8);
                        bytes[at + 2] = (byte) (word >> 16);
                        bytes[at + 3] = (byte) (word >> 24);
                    }
                    out.write(bytes);
                }
            }
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A sum of each file below a folder, by its path. */
    static SortedMap<String, Long> sums(Path folder) {
        var sums = new TreeMap<String, Long>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                var sum = new CRC32C();
                sum.update(Files.readAllBytes(file));
                sums.put(folder.relativize(file).toString(), sum.getValue());
            }
            return sums;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static boolean isEmpty(Path folder) {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.noneMatch(Files::isRegularFile);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
