package org.medbackup.app.mariadb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.core.error.ErrorCode;

/**
 * How many tables of users lie in which storage engine. Read from the heads of the {@code .frm} files: the server shows an
 * account only those tables on which it has rights, and a backup account needs none.
 */
final class Engines {

    private static final Set<String> SYSTEM = Set.of("mysql", "performance_schema", "sys", "#rocksdb");

    /** MariaDB source, {@code handler.h}, {@code enum legacy_db_type}; the fourth byte of a table's {@code .frm}. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(6, "MEMORY"),
            Map.entry(9, "MyISAM"),
            Map.entry(10, "MRG_MyISAM"),
            Map.entry(12, "InnoDB"),
            Map.entry(16, "ARCHIVE"),
            Map.entry(17, "CSV"),
            Map.entry(18, "FEDERATED"),
            Map.entry(19, "BLACKHOLE"),
            Map.entry(20, "partitioned"),
            Map.entry(42, "Aria"));

    /** Beside InnoDB: those whose files the backup stages hold still. */
    private static final Set<String> HELD = Set.of(
            "InnoDB",
            "Aria",
            "MyISAM",
            "MRG_MyISAM",
            "ARCHIVE",
            "CSV",
            "BLACKHOLE",
            "MEMORY",
            "FEDERATED",
            "partitioned");

    private Engines() {}

    /** Tables by engine. */
    static SortedMap<String, Integer> count(Path data) {
        var counts = new TreeMap<String, Integer>();
        try (DirectoryStream<Path> databases = Files.newDirectoryStream(data, Files::isDirectory)) {
            for (Path database : databases) {
                if (!SYSTEM.contains(database.getFileName().toString())) {
                    count(database, counts);
                }
            }
            return counts;
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw ErrorCode.APPLICATION_NOT_READY.because("the tables' definitions cannot be read", unreadable);
        }
    }

    private static void count(Path database, SortedMap<String, Integer> counts) throws IOException {
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(database, "*.frm")) {
            for (Path table : tables) {
                byte[] head = head(table);
                // Views are text and no tables.
                if (head.length == 4 && head[0] == (byte) 0xfe && head[1] == 1) {
                    String name = NAMES.getOrDefault(head[3] & 0xff, "other");
                    counts.merge(name, 1, Integer::sum);
                }
            }
        }
    }

    private static byte[] head(Path table) throws IOException {
        try (InputStream in = Files.newInputStream(table)) {
            return in.readNBytes(4);
        } catch (NoSuchFileException dropped) {
            return new byte[0];
        }
    }

    /** Tables in engines of which nothing is known here. */
    static int unknown(SortedMap<String, Integer> counts) {
        return counts.entrySet().stream()
                .filter(each -> !HELD.contains(each.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    static String shown(SortedMap<String, Integer> counts) {
        return counts.isEmpty()
                ? "no tables of users"
                : counts.entrySet().stream()
                        .map(each -> each.getValue() + " in " + each.getKey())
                        .collect(Collectors.joining(", "));
    }
}
