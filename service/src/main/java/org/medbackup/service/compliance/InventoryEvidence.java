package org.medbackup.service.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.audit.report.Statements;

/** Which sources there are, which class of data they hold, and which of them nothing backs up. */
final class InventoryEvidence implements EvidenceCollector {

    @Override
    public List<Measure> measures(Scope scope) {
        if (!scope.isSurveyed()) {
            return List.of(Measure.notAssessed(
                    "inventory", "sources that are backed up", "what was configured is not on record"));
        }
        List<Survey.Source> sources = scope.survey().sources();
        List<String> exceptions = sources.stream()
                .filter(each -> !each.isProtected())
                .map(each -> each.name() + ": no job backs it up")
                .toList();
        return List.of(Measure.examined(
                "inventory",
                "configured sources that a job backs up",
                "all",
                (sources.size() - exceptions.size()) + " of " + sources.size(),
                sources.size(),
                exceptions,
                List.of(scope.basis().survey())));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        List<List<String>> rows = new ArrayList<>();
        for (Survey.Source each : scope.survey().sources()) {
            Optional<Statements.Criticality> stated = scope.statements().applications().stream()
                    .filter(one -> one.source().equals(each.name()))
                    .findFirst();
            rows.add(List.of(
                    each.name(),
                    each.kind(),
                    stated.map(Statements.Criticality::dataClass).orElse("not stated"),
                    each.rpo() == 0 ? "none" : Trail.hours(Duration.ofSeconds(each.rpo())),
                    String.valueOf(each.copies())));
        }
        return List.of(new Section.Table(
                "Sources", List.of("Source", "Kind", "Class of data", "Recovery point objective", "Copies"), rows));
    }
}
