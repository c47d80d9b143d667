package org.medbackup.service.compliance;

import java.util.List;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** On what media copies lie, and whether one of each source stands elsewhere. */
final class MediaEvidence implements EvidenceCollector {

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "jobs with a copy that stands elsewhere than what is backed up";
        List<Survey.Source> jobs = scope.survey().sources().stream()
                .filter(Survey.Source::isProtected)
                .toList();
        if (jobs.isEmpty()) {
            return List.of(Measure.notAssessed("media", metric, "no job is on record"));
        }
        boolean away =
                scope.survey().targets().stream().anyMatch(each -> each.name().isEmpty() && each.offSite());
        List<String> exceptions = jobs.stream()
                .filter(each -> each.offSite() == 0 && !away)
                .map(each -> each.name() + ": no target that it writes to is said to stand at another site")
                .toList();
        return List.of(Measure.examined(
                "media",
                metric,
                "all",
                (jobs.size() - exceptions.size()) + " of " + jobs.size(),
                jobs.size(),
                exceptions,
                List.of(scope.basis().survey())));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Targets",
                List.of("Target", "Media", "Service of others", "Another site", "Asks for locks"),
                scope.survey().targets().stream()
                        .map(each -> List.of(
                                each.shown(),
                                each.media(),
                                each.provider().isEmpty() ? "no" : each.provider(),
                                each.offSite() ? "yes" : "no",
                                each.locked() ? "yes" : "no"))
                        .toList()));
    }
}
