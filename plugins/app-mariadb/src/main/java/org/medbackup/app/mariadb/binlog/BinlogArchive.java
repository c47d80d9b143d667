package org.medbackup.app.mariadb.binlog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/**
 * The files of an archive, in lines: a line is a row of files each of which begins with just the state that the one before
 * it ends with. A missing file, {@code RESET MASTER} and another server end a line.
 */
final class BinlogArchive {

    /** Oldest first; where clocks were set back the number decides. */
    private static final Comparator<ArchivedFile> BY_AGE =
            Comparator.comparingLong(ArchivedFile::created).thenComparingLong(ArchivedFile::number);

    private final List<ArchivedFile> files;
    private final Map<ArchivedFile, ArchivedFile> before = new HashMap<>();
    private final Set<ArchivedFile> left = new HashSet<>();

    private BinlogArchive(List<ArchivedFile> files) {
        this.files = files;
    }

    static BinlogArchive of(List<LogEntry> entries) {
        Map<String, Integer> contents = new HashMap<>();
        entries.forEach(each -> contents.merge(each.name(), 1, Integer::sum));
        Map<String, ArchivedFile> best = new TreeMap<>();
        for (LogEntry entry : entries) {
            ArchivedFile file = ArchivedFile.of(entry, contents.getOrDefault(entry.name(), 1) > 1);
            if (file != null) {
                String key = BinlogName.whole(file.name().server(), file.name().head(), file.file())
                        .toString();
                best.merge(key, file, BinlogArchive::better);
            }
        }
        var archive = new BinlogArchive(best.values().stream().sorted(BY_AGE).toList());
        archive.link();
        return archive;
    }

    static ArchivedFile better(ArchivedFile one, ArchivedFile other) {
        if (one.name().isPart() != other.name().isPart()) {
            return one.name().isPart() ? other : one;
        }
        return one.length() >= other.length() ? one : other;
    }

    private void link() {
        Map<Long, List<ArchivedFile>> byNumber = new HashMap<>();
        files.forEach(each ->
                byNumber.computeIfAbsent(each.number(), _ -> new ArrayList<>()).add(each));
        for (ArchivedFile file : files) {
            ArchivedFile found = null;
            for (ArchivedFile each : byNumber.getOrDefault(file.number() - 1, List.of())) {
                // Of two that could be it, the younger one that is not younger than the file.
                if (file.follows(each) && (found == null || each.created() <= file.created())) {
                    found = each;
                }
            }
            if (found != null) {
                before.put(file, found);
                left.add(found);
            }
        }
    }

    /** All files, oldest first. */
    List<ArchivedFile> files() {
        return files;
    }

    /** The file that it follows; null where that is not there. */
    @Nullable
    ArchivedFile before(ArchivedFile file) {
        return before.get(file);
    }

    /** The lines, the one that ends last first. */
    List<List<ArchivedFile>> lines() {
        return files.stream()
                .filter(each -> !left.contains(each))
                .sorted(BY_AGE.reversed())
                .map(this::lineTo)
                .toList();
    }

    private List<ArchivedFile> lineTo(ArchivedFile end) {
        List<ArchivedFile> line = new ArrayList<>();
        for (ArchivedFile each = end; each != null; each = before.get(each)) {
            line.addFirst(each);
        }
        return line;
    }

    /** What of the same log begins after a file and is not linked with it, nearest first. */
    List<ArchivedFile> beyond(ArchivedFile end) {
        return files.stream()
                .filter(each -> !before.containsKey(each) && each.mayFollow(end))
                .sorted(Comparator.comparingLong(ArchivedFile::number))
                .toList();
    }
}
