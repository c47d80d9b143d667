package org.medbackup.service.compliance;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.core.event.Actor;

/** How those who acted were known, and what was refused. */
final class AccessEvidence implements EvidenceCollector {

    private static final String CLAIMED = "claimed";

    private final SortedMap<String, Long> known = new TreeMap<>();
    private final SortedMap<String, Long> refused = new TreeMap<>();
    private long operations;
    private long unproven;
    private long lastUnproven = -1;
    private long lastProven = -1;

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (!ofPeriod || !Trail.ended(entry)) {
            return;
        }
        operations++;
        Actor actor = entry.actor();
        String by = actor == null || actor.authentication() == null ? "not recorded" : actor.authentication();
        known.merge(by, 1L, Long::sum);
        if (by.equals("not recorded") || by.equals(CLAIMED)) {
            unproven++;
            lastUnproven = entry.index();
        } else {
            lastProven = entry.index();
        }
        if ("REFUSED".equals(entry.outcome())) {
            refused.merge(String.valueOf(entry.action()), 1L, Long::sum);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        return List.of(Measure.examined(
                "access",
                "operations of the period by somebody whose identity was established",
                "all",
                (operations - unproven) + " of " + operations + " (" + Trail.percent(operations - unproven, operations)
                        + ")",
                operations,
                unproven == 0
                        ? List.of()
                        : List.of(unproven + " operations by somebody who only claimed a name, or of whom it is not"
                                + " recorded how they were known"),
                java.util.stream.LongStream.of(lastUnproven, lastProven)
                        .filter(each -> each >= 0)
                        .boxed()
                        .toList()));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(
                new Section.Table("How those who acted were known", List.of("By", "Operations"), rows(known)),
                new Section.Table("What was refused", List.of("Operation", "Times"), rows(refused)));
    }

    private static List<List<String>> rows(SortedMap<String, Long> counts) {
        return counts.entrySet().stream()
                .map(each -> List.of(each.getKey(), String.valueOf(each.getValue())))
                .toList();
    }
}
