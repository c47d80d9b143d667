package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Incidents: what failed, since when, and whether it was seen to. */
final class IncidentEvidence implements EvidenceCollector {

    private static final String OPENED = "incident-opened";

    private record Incident(AuditEntry opened, boolean ofPeriod) {}

    private final Map<String, Incident> all = new LinkedHashMap<>();
    private final Map<String, AuditEntry> ended = new LinkedHashMap<>();
    private boolean atWork;

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        atWork |= ofPeriod && Trail.ended(entry);
        String action = String.valueOf(entry.action());
        if (!entry.event().equals("phase") || !action.startsWith("incident-")) {
            return;
        }
        if (action.equals(OPENED)) {
            all.put(entry.operation(), new Incident(entry, ofPeriod));
        } else if (action.equals("incident-resolved")) {
            ended.put(entry.operation(), entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "incidents of the period that were resolved";
        List<Map.Entry<String, Incident>> mine = all.entrySet().stream()
                .filter(each -> each.getValue().ofPeriod())
                .toList();
        if (mine.isEmpty()) {
            return List.of(
                    atWork
                            ? Measure.notApplicable("incident", metric, "none was recorded in the period")
                            : Measure.notAssessed("incident", metric, "nothing was recorded in the period"));
        }
        List<String> exceptions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        for (Map.Entry<String, Incident> each : mine) {
            AuditEntry end = ended.get(each.getKey());
            if (end == null) {
                AuditEntry opened = each.getValue().opened();
                exceptions.add("entry " + opened.index() + ": " + opened.facts().getOrDefault("failure", "")
                        + " is not resolved");
                entries.addFirst(opened.index());
            } else {
                entries.add(end.index());
            }
        }
        return List.of(Measure.examined(
                "incident",
                metric,
                "all",
                (mine.size() - exceptions.size()) + " of " + mine.size(),
                mine.size(),
                exceptions,
                entries));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Incidents of the period",
                List.of("Opened (UTC)", "Failure", "Severity", "Resolved (UTC)", "Entry"),
                all.entrySet().stream()
                        .filter(each -> each.getValue().ofPeriod())
                        .map(each -> {
                            AuditEntry opened = each.getValue().opened();
                            AuditEntry end = ended.get(each.getKey());
                            return List.of(
                                    opened.time().toString(),
                                    opened.facts().getOrDefault("failure", ""),
                                    opened.facts().getOrDefault("severity", ""),
                                    end == null ? "no" : end.time().toString(),
                                    String.valueOf(opened.index()));
                        })
                        .toList()));
    }
}
