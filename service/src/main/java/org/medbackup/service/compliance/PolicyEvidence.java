package org.medbackup.service.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Versions of policies, and reports that were made before. */
final class PolicyEvidence implements EvidenceCollector {

    private static final Duration YEAR = Duration.ofDays(366);

    private final List<AuditEntry> activations = new ArrayList<>();
    private final List<AuditEntry> reports = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (Trail.ended(entry, "policy-activate") && Trail.succeeded(entry)) {
            activations.add(entry);
        } else if (Trail.ended(entry, "compliance-report") && Trail.succeeded(entry)) {
            reports.add(entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        List<Long> written = new ArrayList<>();
        activations.reversed().forEach(each -> written.add(each.index()));
        if (scope.isStated()) {
            written.addFirst(scope.basis().stated());
        }
        Measure documentation = written.isEmpty()
                ? Measure.notAssessed(
                        "documentation",
                        "policies and statements whose digest is on record",
                        "none was put in force or stated")
                : Measure.examined(
                        "documentation",
                        "policies and statements whose digest is on record",
                        "at least one",
                        written.size() + " on record",
                        written.size(),
                        List.of(),
                        written);
        List<AuditEntry> recent = reports.stream()
                .filter(each -> each.time().isAfter(scope.basis().period().to().minus(YEAR)))
                .toList();
        Measure evaluation = recent.isEmpty()
                ? Measure.notAssessed(
                        "evaluation", "reports of the year before the period's end", "no earlier report is on record")
                : Measure.examined(
                        "evaluation",
                        "reports of the year before the period's end",
                        "at least one",
                        recent.size() + " on record",
                        recent.size(),
                        List.of(),
                        recent.reversed().stream().map(AuditEntry::index).toList());
        return List.of(documentation, evaluation);
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Policies that were put in force",
                List.of("Time (UTC)", "Version", "Digest", "Signed by", "Entry"),
                activations.stream()
                        .map(each -> List.of(
                                each.time().toString(),
                                each.facts().getOrDefault("version", ""),
                                each.facts().getOrDefault("digest", ""),
                                each.facts().getOrDefault("signers", ""),
                                String.valueOf(each.index())))
                        .toList()));
    }
}
