package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.core.event.Actor;

/** What was read out of restore points, by how many people and for what purpose. */
final class DisclosureEvidence implements EvidenceCollector {

    private static final Set<String> ACTIONS = Set.of("restore", "app-restore", "dump", "audit-export", "extract");

    private final List<AuditEntry> ends = new ArrayList<>();
    private boolean atWork;

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        atWork |= ofPeriod && Trail.ended(entry);
        if (ofPeriod && Trail.ended(entry) && ACTIONS.contains(String.valueOf(entry.action()))) {
            ends.add(entry);
        }
    }

    private static String purpose(AuditEntry entry) {
        Actor actor = entry.actor();
        return actor == null || actor.purpose() == null ? "" : actor.purpose();
    }

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "restores and exports of the period for which a purpose of use is recorded";
        if (ends.isEmpty()) {
            return List.of(
                    atWork
                            ? Measure.notApplicable("disclosures", metric, "there was none in the period")
                            : Measure.notAssessed("disclosures", metric, "nothing was recorded in the period"));
        }
        List<AuditEntry> without =
                ends.stream().filter(each -> purpose(each).isEmpty()).toList();
        List<Long> entries =
                new ArrayList<>(without.stream().map(AuditEntry::index).toList());
        ends.reversed().forEach(each -> entries.add(each.index()));
        return List.of(Measure.examined(
                "disclosures",
                metric,
                "all",
                (ends.size() - without.size()) + " of " + ends.size(),
                ends.size(),
                without.stream()
                        .map(each -> "entry " + each.index() + ": " + each.action() + " without a purpose")
                        .toList(),
                entries));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Restores and exports of the period",
                List.of("Time (UTC)", "What", "Purpose of use", "Outcome", "Entry"),
                ends.stream()
                        .map(each -> List.of(
                                each.time().toString(),
                                String.valueOf(each.action()),
                                purpose(each).isEmpty() ? "not recorded" : purpose(each),
                                String.valueOf(each.outcome()),
                                String.valueOf(each.index())))
                        .toList()));
    }
}
