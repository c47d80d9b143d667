package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogFile;

/**
 * A file that the server hands over by its {@code archive_command}: which cluster and branch of history it belongs to. That
 * is read from the file, from the control file and the history beside it; the server need not answer.
 *
 * @param file as the server names it, in {@code pg_wal} of its data directory
 * @param system tells the cluster where neither the file nor its folder does
 */
public record HandedOver(Path file, Supplier<String> system) {

    LogFile described() {
        String name = file.getFileName().toString();
        WalName parsed = WalName.parse(name);
        if (parsed == null) {
            throw ErrorCode.USAGE.because("the file is none of a write-ahead log");
        }
        return switch (parsed.kind()) {
            case SEGMENT, PARTIAL -> segment(name, parsed);
            case HISTORY -> {
                String text = text(file);
                var branch = new Branch(cluster(), parsed.timeline(), WalHistory.digest(text));
                yield new LogFile(branch.named(name), file, history(text));
            }
            case BACKUP -> new LogFile(branch(cluster(), parsed.timeline()).named(name), file, sizeOfOthers());
        };
    }

    private LogFile segment(String name, WalName parsed) {
        WalScan scan = WalScan.of(file);
        if (scan.address().value() != parsed.segment(scan.size()) * scan.size()) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("the file is not the segment that its name says")
                    .with("file", name);
        }
        return new LogFile(branch(scan.system(), parsed.timeline()).named(name), file, scan.facts());
    }

    /** A history with its text among its facts, so that nobody has to fetch it to know where a timeline came from. */
    static SortedMap<String, String> history(String text) {
        var facts = new TreeMap<String, String>();
        facts.put(ArchivedLog.HISTORY, text);
        return facts;
    }

    private Branch branch(String cluster, int timeline) {
        String digest = digest(file, timeline);
        if (digest == null) {
            throw ErrorCode.SOURCE_UNREADABLE
                    .because("the history of its timeline does not lie beside it")
                    .with("file", WalName.history(timeline));
        }
        return new Branch(cluster, timeline, digest);
    }

    /** The digest of the history of a timeline that lies beside a file; null where it does not. */
    static @Nullable String digest(Path file, int timeline) {
        if (timeline == 1) {
            return "";
        }
        Path history = file.toAbsolutePath().resolveSibling(WalName.history(timeline));
        return Files.isRegularFile(history) ? WalHistory.digest(text(history)) : null;
    }

    /** The digest of the history of a timeline of a data directory; empty for the first, or where it is not there. */
    public static String digestBelow(Path data, int timeline) {
        String digest = digest(data.resolve("pg_wal").resolve("any"), timeline);
        return digest == null ? "" : digest;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw ErrorCode.SOURCE_UNREADABLE.because("the history of a timeline cannot be read", unreadable);
        }
    }

    private String cluster() {
        String known = cluster(file);
        return known == null ? system.get() : known;
    }

    /** The cluster whose data directory a file of its log lies in; null where that cannot be told. */
    static @Nullable String cluster(Path file) {
        Path log = file.toAbsolutePath().getParent();
        if (log == null) {
            return null;
        }
        // Begins with the system identifier, and its first page is never written half.
        try (var stream = Files.newInputStream(log.resolveSibling("global").resolve("pg_control"))) {
            byte[] first = stream.readNBytes(Long.BYTES);
            return first.length < Long.BYTES
                    ? null
                    : Long.toUnsignedString(ByteBuffer.wrap(first)
                            .order(ByteOrder.nativeOrder())
                            .getLong());
        } catch (IOException elsewhere) {
            return null;
        }
    }

    /** The size of segments, from those beside it. */
    private SortedMap<String, String> sizeOfOthers() {
        var facts = new TreeMap<String, String>();
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, "????????????????????????")) {
                for (Path other : others) {
                    facts.put(WalScan.SIZE, Long.toString(Files.size(other)));
                    return facts;
                }
            } catch (IOException gone) {
                // Then the file is kept for longer than it would have to be.
                return facts;
            }
        }
        return facts;
    }
}
