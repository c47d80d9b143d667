package org.medbackup.app.postgresql.log;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/**
 * Which log no recovery needs: what lies before the oldest kept backup of its cluster, whatever the timeline, and parts of
 * segments that are there whole or longer. Without a backup of the cluster everything is needed; histories always are.
 */
final class LogNeeds {

    private LogNeeds() {}

    static Set<String> expendable(List<Base> bases, List<LogEntry> entries) {
        Map<String, Long> oldest = new HashMap<>();
        for (Base each : bases) {
            BaseBackup base = BaseBackup.of(each);
            if (base != null) {
                oldest.merge(base.system(), base.start().value(), Math::min);
            } else {
                // One that does not tell where its log begins may need all of it.
                String system = each.evidence().get("system_identifier");
                if (system != null) {
                    oldest.put(system, 0L);
                }
            }
        }
        var log = ArchivedLog.of(entries);
        Set<String> names = new HashSet<>();
        for (LogEntry entry : entries) {
            Branch.Named named = Branch.parse(entry.name());
            WalName file = named == null ? null : WalName.parse(named.file());
            int size = Integer.parseInt(entry.facts().getOrDefault(WalScan.SIZE, "0"));
            if (named == null || file == null || size == 0 || file.kind() == WalName.Kind.HISTORY) {
                continue;
            }
            long number = file.segment(size);
            long start = oldest.getOrDefault(named.branch().system(), 0L) / size;
            if (number < start || isSuperseded(log, named.branch(), file, number)) {
                names.add(entry.name());
            }
        }
        return names;
    }

    private static boolean isSuperseded(ArchivedLog log, Branch branch, WalName file, long number) {
        ArchivedLog.Line line = log.lines().get(branch);
        if (file.kind() != WalName.Kind.PARTIAL || line == null) {
            return false;
        }
        ArchivedLog.Segment longest = line.partials().get(number);
        return line.segments().containsKey(number)
                || longest != null && file.length() >= 0 && file.length() < longest.length();
    }
}
