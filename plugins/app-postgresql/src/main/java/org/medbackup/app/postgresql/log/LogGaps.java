package org.medbackup.app.postgresql.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.log.ArchivedLog.Line;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/** What is missing in an archive, by name. */
final class LogGaps {

    private final ArchivedLog log;
    private final List<Gap> gaps = new ArrayList<>();

    private LogGaps(ArchivedLog log) {
        this.log = log;
    }

    static List<Gap> in(List<LogEntry> entries) {
        var found = new LogGaps(ArchivedLog.of(entries));
        found.log.lines().forEach(found::within);
        found.log.lines().forEach(found::before);
        found.contested(entries);
        return List.copyOf(found.gaps);
    }

    private void within(Branch branch, Line line) {
        int size = log.size(branch);
        Long expected = null;
        for (long number : line.segments().keySet()) {
            if (expected != null && number > expected) {
                add(branch, expected, number - 1, size, "there are files before and after");
            }
            expected = number + 1;
        }
        if (expected != null && line.last() > expected) {
            add(branch, expected, line.last() - 1, size, "there is a part of a later one");
        }
    }

    /** Between a branch and the one that it came from. */
    private void before(Branch branch, Line line) {
        if (branch.timeline() > 1 && line.history() == null) {
            String name = WalName.history(branch.timeline());
            gaps.add(new Gap(name, name, "there are files of the timeline, and not where it came from"));
            return;
        }
        int size = log.size(branch);
        if (size == 0 || line.history() == null || line.history().ancestors().isEmpty()) {
            return;
        }
        long left = line.history().ancestors().getLast().end().value() / size;
        Branch parent = log.parent(branch);
        long last = parent == null ? -1 : lastOf(parent);
        if (last < 0) {
            return;
        }
        if (last < left - 1) {
            add(parent, last + 1, left - 1, size, "the timeline was left later");
        }
        long first = line.segments().isEmpty() ? line.last() : line.segments().firstKey();
        if (first > left) {
            add(branch, left, first - 1, size, "the timeline began earlier");
        }
    }

    private long lastOf(Branch branch) {
        Line line = log.lines().get(branch);
        return line == null ? -1 : line.last();
    }

    private void add(@Nullable Branch branch, long from, long to, int size, String why) {
        if (branch != null) {
            gaps.add(new Gap(
                    WalName.segment(branch.timeline(), from, size), WalName.segment(branch.timeline(), to, size), why));
        }
    }

    private void contested(List<LogEntry> entries) {
        String before = "";
        String told = "";
        // In the order of their names, so that equal ones are neighbours.
        for (LogEntry each : entries) {
            if (each.name().equals(before) && !each.name().equals(told)) {
                Branch.Named named = Branch.parse(each.name());
                String file = named == null ? each.name() : named.file();
                gaps.add(new Gap(file, file, "two contents of this name are stored; neither is used"));
                told = each.name();
            }
            before = each.name();
        }
    }
}
