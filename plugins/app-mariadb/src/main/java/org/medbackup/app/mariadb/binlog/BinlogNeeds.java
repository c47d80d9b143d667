package org.medbackup.app.mariadb.binlog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/**
 * Which log no recovery needs: what lies before the oldest kept backup of its server, and parts of files that are there
 * whole or longer. Without a backup of the server everything is needed.
 */
public final class BinlogNeeds {

    private BinlogNeeds() {}

    /** As {@link org.medbackup.core.spi.app.ApplicationLog#expendable}. */
    public static Set<String> expendable(List<Base> bases, List<LogEntry> entries) {
        BinlogArchive archive = BinlogArchive.of(entries);
        Map<String, ArchivedFile> best = new HashMap<>();
        archive.files().forEach(each -> best.put(key(each.name()), each));
        Set<String> names = new HashSet<>();
        for (LogEntry entry : entries) {
            BinlogName name = BinlogName.parse(entry.name());
            ArchivedFile kept = name == null ? null : best.get(key(name));
            if (name != null && kept != null && name.isPart() && !kept.name().equals(name)) {
                names.add(entry.name());
            }
        }
        List<BinlogBase> known =
                bases.stream().map(BinlogBase::of).filter(Objects::nonNull).toList();
        Set<ArchivedFile> behind = behind(archive, known);
        for (ArchivedFile file : archive.files()) {
            List<BinlogBase> ofServer = known.stream()
                    .filter(base -> base.server().equals(file.name().server()))
                    .toList();
            // A file that was written to after a backup is kept, also where a gap lies between them.
            boolean isOlder = ofServer.stream()
                    .allMatch(base -> file.newest() < base.ended().getEpochSecond());
            if (!ofServer.isEmpty() && isOlder && !behind.contains(file)) {
                names.add(file.entry().name());
            }
        }
        return names;
    }

    /** The files that lead on from a backup, whatever the server's clock says of them. */
    private static Set<ArchivedFile> behind(BinlogArchive archive, List<BinlogBase> bases) {
        Set<ArchivedFile> behind = new HashSet<>();
        for (List<ArchivedFile> line : archive.lines()) {
            for (int at = 0; at < line.size(); at++) {
                ArchivedFile file = line.get(at);
                if (bases.stream().anyMatch(base -> base.isIn(file))) {
                    behind.addAll(line.subList(at, line.size()));
                    break;
                }
            }
        }
        return behind;
    }

    private static String key(BinlogName name) {
        return BinlogName.whole(name.server(), name.head(), name.file()).toString();
    }
}
