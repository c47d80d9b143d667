package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Retention, holds and deletions: what was given up, by what rule, and what kept it. */
final class RetentionEvidence implements EvidenceCollector {

    private static final Set<String> ACTIONS =
            Set.of("forget", "gc", "hold-place", "hold-release", "worm-extend", "reconcile", "key-revoke");

    private final List<AuditEntry> done = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (ofPeriod && Trail.ended(entry) && ACTIONS.contains(String.valueOf(entry.action()))) {
            done.add(entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "sources whose restore points are kept by rules, or all";
        List<Survey.Source> jobs = scope.survey().sources().stream()
                .filter(Survey.Source::isProtected)
                .toList();
        if (jobs.isEmpty()) {
            return List.of(Measure.notAssessed("retention", metric, "no job is on record"));
        }
        List<String> exceptions = done.stream()
                .filter(each -> !Trail.succeeded(each) && !"REFUSED".equals(each.outcome()))
                .map(each -> "entry " + each.index() + ": " + each.action() + " " + each.outcome())
                .toList();
        List<Long> entries = new ArrayList<>(List.of(scope.basis().survey()));
        done.stream().filter(each -> !Trail.succeeded(each)).forEach(each -> entries.add(each.index()));
        done.reversed().forEach(each -> entries.add(each.index()));
        long locked =
                scope.survey().targets().stream().filter(Survey.Target::locked).count();
        return List.of(Measure.examined(
                "retention",
                metric,
                "all; nothing is given up but by a rule, which is on record",
                jobs.size() + " of " + jobs.size() + "; " + done.size() + " operations of the period, " + locked
                        + " targets with locks",
                jobs.size(),
                exceptions,
                entries));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Deletions, holds and locks of the period",
                List.of("Time (UTC)", "What", "Outcome", "Kept", "Removed", "Refused", "Entry"),
                done.stream()
                        .map(each -> List.of(
                                each.time().toString(),
                                String.valueOf(each.action()),
                                String.valueOf(each.outcome()),
                                count(each, "kept"),
                                count(each, "removed"),
                                count(each, "refused"),
                                String.valueOf(each.index())))
                        .toList()));
    }

    private static String count(AuditEntry entry, String fact) {
        return entry.facts().getOrDefault(fact, "");
    }
}
