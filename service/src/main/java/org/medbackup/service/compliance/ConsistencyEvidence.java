package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;

/** Whether backups of applications are such that a transaction is whole or not there. */
final class ConsistencyEvidence implements EvidenceCollector {

    private final List<AuditEntry> backups = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (ofPeriod && Trail.ended(entry, "app-backup") && Trail.succeeded(entry)) {
            backups.add(entry);
        }
    }

    private static boolean isConsistent(AuditEntry backup) {
        return "APPLICATION_CONSISTENT".equals(backup.facts().get("consistency"));
    }

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "backups of applications that are consistent for the application";
        if (backups.isEmpty()) {
            return List.of(Measure.notAssessed("transactions", metric, "no backup of an application is on record"));
        }
        List<AuditEntry> lesser =
                backups.stream().filter(each -> !isConsistent(each)).toList();
        List<Long> entries =
                new ArrayList<>(lesser.stream().map(AuditEntry::index).toList());
        backups.reversed().forEach(each -> entries.add(each.index()));
        return List.of(Measure.examined(
                "transactions",
                metric,
                "all",
                (backups.size() - lesser.size()) + " of " + backups.size(),
                backups.size(),
                lesser.stream()
                        .map(each -> "entry " + each.index() + ": "
                                + each.facts().getOrDefault("consistency", "consistency unknown"))
                        .toList(),
                entries));
    }
}
