package org.medbackup.app.postgresql.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/** What an archive has, put in order: branches of history, and the segments of each. Not changed once it was read. */
final class ArchivedLog {

    /** As the history file of a branch is kept with it. */
    static final String HISTORY = "history";

    private final SortedMap<Branch, Line> lines = new TreeMap<>(Comparator.comparing(Branch::system)
            .thenComparingInt(Branch::timeline)
            .thenComparing(Branch::digest));

    /** The log of one branch. */
    static final class Line {

        private final NavigableMap<Long, Segment> segments = new TreeMap<>();
        private final NavigableMap<Long, Segment> partials = new TreeMap<>();
        private @Nullable WalHistory history;
        private @Nullable String historyName;

        /** Whole segments by their numbers. */
        NavigableMap<Long, Segment> segments() {
            return segments;
        }

        /** The longest part of segments that are not whole. */
        NavigableMap<Long, Segment> partials() {
            return partials;
        }

        /** Where the branch came from; null where its history is not in the archive. */
        @Nullable
        WalHistory history() {
            return history;
        }

        /** Name of the history in the archive. */
        @Nullable
        String historyName() {
            return historyName;
        }

        /** The number of the last segment of which there is anything; -1 where there is none. */
        long last() {
            long whole = segments.isEmpty() ? -1 : segments.lastKey();
            return partials.isEmpty() ? whole : Math.max(whole, partials.lastKey());
        }
    }

    /**
     * A file.
     *
     * @param entry in the archive
     * @param length bytes of it that are log; for a part
     * @param contested whether another content has its name too
     */
    record Segment(LogEntry entry, long length, boolean contested) {

        @Nullable
        String fact(String name) {
            return entry.facts().get(name);
        }
    }

    private ArchivedLog() {}

    static ArchivedLog of(List<LogEntry> entries) {
        var log = new ArchivedLog();
        Map<String, Integer> contents = new HashMap<>();
        entries.forEach(each -> contents.merge(each.name(), 1, Integer::sum));
        entries.forEach(each -> log.add(each, contents.getOrDefault(each.name(), 1) > 1));
        return log;
    }

    private void add(LogEntry entry, boolean contested) {
        Branch.Named named = Branch.parse(entry.name());
        WalName file = named == null ? null : WalName.parse(named.file());
        if (named == null || file == null) {
            return;
        }
        Line line = lines.computeIfAbsent(named.branch(), _ -> new Line());
        if (file.kind() == WalName.Kind.HISTORY) {
            line.history = history(entry);
            line.historyName = entry.name();
            return;
        }
        int size = size(entry);
        if (size == 0 || file.kind() == WalName.Kind.BACKUP) {
            return;
        }
        long length = file.length() < 0 ? entry.size() : file.length();
        var segment = new Segment(entry, length, contested);
        long number = file.segment(size);
        if (file.kind() == WalName.Kind.SEGMENT) {
            line.segments.merge(number, segment, (one, other) -> one);
        } else {
            line.partials.merge(number, segment, (one, other) -> one.length() >= other.length() ? one : other);
        }
    }

    private static WalHistory history(LogEntry entry) {
        try {
            return WalHistory.parse(entry.facts().getOrDefault(HISTORY, ""));
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("the history of a timeline is malformed", malformed);
        }
    }

    private static int size(LogEntry entry) {
        return Integer.parseInt(entry.facts().getOrDefault(WalScan.SIZE, "0"));
    }

    SortedMap<Branch, Line> lines() {
        return lines;
    }

    /** The branches of a cluster that have a timeline's number. */
    List<Branch> branches(String system, int timeline) {
        return lines.keySet().stream()
                .filter(each -> each.system().equals(system) && each.timeline() == timeline)
                .toList();
    }

    /** The size of segments of a cluster in bytes; 0 where no segment is there. */
    int size(Branch branch) {
        Line line = lines.get(branch);
        if (line == null) {
            return 0;
        }
        var all = new ArrayList<Segment>(line.segments.values());
        all.addAll(line.partials.values());
        return all.stream().mapToInt(each -> size(each.entry())).findFirst().orElse(0);
    }

    /** The branch that another one came from; null where it is not in the archive, or cannot be told from others. */
    @Nullable
    Branch parent(Branch branch) {
        Line line = lines.get(branch);
        WalHistory history = line == null ? null : line.history();
        if (history == null || history.ancestors().isEmpty()) {
            return null;
        }
        return ancestor(branch, history.ancestors().size() - 1);
    }

    /** One of the branches before, by its place in the history. */
    @Nullable
    Branch ancestor(Branch branch, int place) {
        WalHistory history = historyOf(branch);
        int timeline = history.ancestors().get(place).timeline();
        var before = new WalHistory(history.ancestors().subList(0, place));
        List<Branch> same = branches(branch.system(), timeline).stream()
                .filter(each -> before.equals(historyOf(each)))
                .toList();
        return same.size() == 1 ? same.getFirst() : null;
    }

    WalHistory historyOf(Branch branch) {
        Line line = lines.get(branch);
        WalHistory history = line == null ? null : line.history();
        return history == null ? WalHistory.none() : history;
    }
}
