package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.audit.report.Statements.Associate;

/** Whether there are contracts with all who store copies: those whom the site states, and services that targets name. */
final class AssociateEvidence implements EvidenceCollector {

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "those who store copies for the site, with a contract that holds";
        List<Associate> associates = scope.statements().associates();
        List<String> exceptions = new ArrayList<>();
        for (Associate each : associates) {
            if (!each.isBound(scope.end())) {
                exceptions.add(each.name() + ": no contract holds at the end of the period");
            }
        }
        List<Survey.Target> unstated = scope.survey().targets().stream()
                .filter(each -> !each.provider().isEmpty()
                        && !scope.statements().own().contains(each.name())
                        && associates.stream().noneMatch(one -> one.targets().contains(each.name())))
                .toList();
        unstated.forEach(each -> exceptions.add(
                "target " + each.shown() + ": lies at a service (" + each.provider() + ") that no statement names"));
        long population = (long) associates.size() + unstated.size();
        List<Long> entries = new ArrayList<>();
        if (scope.isStated()) {
            entries.add(scope.basis().stated());
        }
        if (scope.isSurveyed()) {
            entries.add(scope.basis().survey());
        }
        if (population == 0) {
            return List.of(Measure.notAssessed(
                    "ba-register", metric, "the site states none, and no target names a service of others"));
        }
        return List.of(Measure.examined(
                "ba-register",
                metric,
                "all",
                (population - exceptions.size()) + " of " + population,
                population,
                exceptions,
                entries));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Business associates as the site states them",
                List.of("Name", "Targets", "Contract of", "Until", "Regions"),
                scope.statements().associates().stream()
                        .map(each -> List.of(
                                each.name(),
                                String.join(", ", each.targets()),
                                each.agreement() == null
                                        ? "NONE"
                                        : each.agreement().toString(),
                                each.expires() == null
                                        ? "no end"
                                        : each.expires().toString(),
                                String.join(", ", each.regions())))
                        .toList()));
    }
}
