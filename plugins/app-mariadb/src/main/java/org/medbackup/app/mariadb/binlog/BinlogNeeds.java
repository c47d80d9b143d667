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
        for (ArchivedFile file : archive.files()) {
            boolean ofServer = known.stream()
                    .anyMatch(base -> base.server().equals(file.name().server()));
            if (ofServer && known.stream().noneMatch(base -> mayNeed(base, file))) {
                names.add(file.entry().name());
            }
        }
        return names;
    }

    private static String key(BinlogName name) {
        return BinlogName.whole(name.server(), name.head(), name.file()).toString();
    }

    /** By the time at which the file was last written: a backup needs none that ended long before it did. */
    private static boolean mayNeed(BinlogBase base, ArchivedFile file) {
        if (!base.server().equals(file.name().server())) {
            return false;
        }
        boolean itsOwn = base.head().equals(file.name().head()) && base.file().equals(file.file());
        boolean sameLog = GtidState.of(base.gtids()).mayLeadTo(file.begins()) && file.number() > base.number();
        return itsOwn || sameLog || file.newest() >= base.ended().getEpochSecond();
    }
}
