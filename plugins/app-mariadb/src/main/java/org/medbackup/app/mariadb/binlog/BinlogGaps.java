package org.medbackup.app.mariadb.binlog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/** What is missing in an archive, by the server's names. */
public final class BinlogGaps {

    private BinlogGaps() {}

    /** What is missing between files, where a log began anew, and what is there in two contents. */
    public static List<Gap> in(List<LogEntry> entries) {
        BinlogArchive archive = BinlogArchive.of(entries);
        List<Gap> gaps = new ArrayList<>();
        for (ArchivedFile file : archive.files()) {
            if (archive.before(file) == null) {
                Gap gap = before(archive, file);
                if (gap != null) {
                    gaps.add(gap);
                }
            }
        }
        contested(entries, gaps);
        return List.copyOf(gaps);
    }

    private static @org.jspecify.annotations.Nullable Gap before(BinlogArchive archive, ArchivedFile file) {
        ArchivedFile nearest = null;
        ArchivedFile older = null;
        for (ArchivedFile each : archive.files()) {
            if (each.equals(file) || !each.name().server().equals(file.name().server())) {
                continue;
            }
            if (file.mayFollow(each) && (nearest == null || each.number() > nearest.number())) {
                nearest = each;
            }
            boolean isOlder = each.created() < file.created();
            if (isOlder && (older == null || each.created() >= older.created())) {
                older = each;
            }
        }
        if (nearest != null) {
            return between(nearest, file);
        }
        return older == null
                ? null
                : new Gap(
                        older.file(),
                        file.file(),
                        "the binary log was begun anew (RESET MASTER): nothing leads from one to the other");
    }

    static Gap between(ArchivedFile end, ArchivedFile next) {
        return next.number() == end.number() + 1
                ? new Gap(end.file(), end.file(), "its end was not received before the server removed it")
                : new Gap(
                        BinlogName.numbered(end.file(), end.number() + 1),
                        BinlogName.numbered(end.file(), next.number() - 1),
                        "there are files before and after");
    }

    private static void contested(List<LogEntry> entries, List<Gap> gaps) {
        Set<String> seen = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (LogEntry each : entries) {
            BinlogName name = BinlogName.parse(each.name());
            if (name != null && !seen.add(each.name()) && told.add(each.name())) {
                gaps.add(new Gap(name.file(), name.file(), "two contents of this name are stored; neither is used"));
            }
        }
    }
}
