package org.medbackup.service.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.audit.report.Statements.Criticality;

/** How critical each source is, as the site states it. */
final class CriticalityEvidence implements EvidenceCollector {

    private static final String METRIC = "sources of which the site states how critical they are";

    @Override
    public List<Measure> measures(Scope scope) {
        List<Survey.Source> sources = scope.survey().sources();
        if (!scope.isStated() || scope.statements().applications().isEmpty() || sources.isEmpty()) {
            return List.of(Measure.notAssessed("criticality", METRIC, "the site states nothing of it"));
        }
        Set<String> stated = scope.statements().applications().stream()
                .map(Criticality::source)
                .collect(Collectors.toSet());
        List<String> exceptions = sources.stream()
                .filter(each -> !stated.contains(each.name()))
                .map(each -> each.name() + ": not stated")
                .toList();
        return List.of(Measure.examined(
                "criticality",
                METRIC,
                "all",
                (sources.size() - exceptions.size()) + " of " + sources.size(),
                sources.size(),
                exceptions,
                List.of(scope.basis().stated(), scope.basis().survey())));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        List<List<String>> rows = new ArrayList<>();
        scope.statements().applications().stream()
                .sorted(Comparator.comparingLong(Criticality::tier).thenComparing(Criticality::source))
                .forEach(each -> rows.add(List.of(
                        String.valueOf(each.tier()),
                        each.source(),
                        each.dataClass(),
                        span(each.rpo()),
                        span(each.rto()),
                        String.join(", ", each.needs()),
                        each.approver())));
        return rows.isEmpty()
                ? List.of()
                : List.of(new Section.Table(
                        "Criticality as the site states it",
                        List.of("Tier", "Source", "Class", "RPO", "RTO", "Needs", "Approved by"),
                        rows));
    }

    private static String span(@Nullable Duration time) {
        return time == null ? "" : Trail.hours(time);
    }
}
