package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** The backup plan as it is configured: how often, how it is proven, how long it is kept, where copies lie. */
final class BackupPlanEvidence implements EvidenceCollector {

    private static final String METRIC = "jobs that run by themselves, prove what they store, and have a copy";

    @Override
    public List<Measure> measures(Scope scope) {
        List<Survey.Source> jobs = jobs(scope);
        if (jobs.isEmpty()) {
            return List.of(Measure.notAssessed("backup-plan", METRIC, "no job is on record"));
        }
        List<String> exceptions = new ArrayList<>();
        for (Survey.Source each : jobs) {
            if (!each.scheduled()) {
                exceptions.add(each.name() + ": has no schedule");
            }
            if (each.verified().isEmpty()) {
                exceptions.add(each.name() + ": restore points are not verified");
            }
            if (each.copies() == 0) {
                exceptions.add(each.name() + ": has no second copy");
            }
        }
        long good = jobs.stream()
                .filter(each -> each.scheduled() && !each.verified().isEmpty() && each.copies() > 0)
                .count();
        return List.of(Measure.examined(
                "backup-plan",
                METRIC,
                "all",
                good + " of " + jobs.size(),
                jobs.size(),
                exceptions,
                List.of(scope.basis().survey())));
    }

    private static List<Survey.Source> jobs(Scope scope) {
        return scope.survey().sources().stream()
                .filter(Survey.Source::isProtected)
                .toList();
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Backup plan",
                List.of("Job", "Runs by itself", "Verified", "Rules of retention", "Copies", "Of these off site"),
                jobs(scope).stream()
                        .map(each -> List.of(
                                each.name(),
                                each.scheduled() ? "yes" : "no",
                                each.verified().isEmpty() ? "no" : each.verified(),
                                each.kept() ? "yes" : "keeps all",
                                String.valueOf(each.copies()),
                                String.valueOf(each.offSite())))
                        .toList()));
    }
}
