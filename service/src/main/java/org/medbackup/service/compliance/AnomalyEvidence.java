package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Signs of ransomware: which backups were looked at, and what became of those that were suspect. */
final class AnomalyEvidence implements EvidenceCollector {

    private static final String METRIC =
            "backups of the period that were looked at for signs of ransomware and are not suspect";

    private final List<AuditEntry> judged = new ArrayList<>();
    private final List<AuditEntry> missed = new ArrayList<>();
    private final Map<String, AuditEntry> suspects = new LinkedHashMap<>();
    private final Map<String, AuditEntry> cleared = new LinkedHashMap<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        String snapshot = entry.facts().getOrDefault("snapshot", "");
        if (Trail.ended(entry, "anomaly-clear") && Trail.succeeded(entry)) {
            cleared.put(snapshot, entry);
        }
        if (!ofPeriod) {
            return;
        }
        if (entry.event().equals("phase") && "signs-judged".equals(entry.action())) {
            judged.add(entry);
        } else if ("ANOMALY_NOT_JUDGED".equals(entry.code())) {
            missed.add(entry);
        } else if ("RANSOMWARE_SUSPECTED".equals(entry.code()) && entry.event().equals("found")) {
            suspects.put(snapshot, entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        int all = judged.size() + missed.size();
        if (all == 0) {
            return List.of(Measure.notAssessed("anomaly", METRIC, "no backup of the period was looked at"));
        }
        List<String> exceptions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        suspects.forEach((snapshot, found) -> {
            AuditEntry end = cleared.get(snapshot);
            if (end == null) {
                exceptions.add("entry " + found.index() + ": a restore point is suspect and not cleared");
                entries.add(found.index());
            } else {
                entries.add(end.index());
            }
        });
        missed.forEach(each -> {
            exceptions.add("entry " + each.index() + ": a backup was not looked at");
            entries.add(each.index());
        });
        judged.reversed().stream().limit(1).forEach(each -> entries.add(each.index()));
        return List.of(Measure.examined(
                "anomaly",
                METRIC,
                "all",
                judged.size() + " of " + all + ", " + suspects.size() + " suspect",
                all,
                exceptions,
                entries));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Restore points that were suspect",
                List.of("Found (UTC)", "Signs", "Cleared (UTC)", "Entry"),
                suspects.entrySet().stream()
                        .map(each -> {
                            AuditEntry end = cleared.get(each.getKey());
                            return List.of(
                                    each.getValue().time().toString(),
                                    each.getValue().facts().getOrDefault("signs", ""),
                                    end == null ? "no" : end.time().toString(),
                                    String.valueOf(each.getValue().index()));
                        })
                        .toList()));
    }
}
