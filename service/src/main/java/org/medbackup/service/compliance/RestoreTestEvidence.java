package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.audit.report.Statements;

/** Whether recoveries were rehearsed: which plans, predicted and actual time, and who answers for the results. */
final class RestoreTestEvidence implements EvidenceCollector {

    private static final double PROPOSED_SECONDS = 72 * 3600.0;
    private static final String DRILL = "drill";

    /**
     * A drill of the period.
     *
     * @param plan digest of it
     * @param predicted in seconds
     */
    private record Drill(String plan, String predicted, AuditEntry end) {

        String id() {
            return end.facts().getOrDefault(DRILL, "");
        }

        boolean isGood() {
            return Trail.succeeded(end)
                    && "true".equals(end.facts().get("met"))
                    && "true".equals(end.facts().get("sound"));
        }

        double actual() {
            return Trail.decimal(end.facts().get("actual"));
        }
    }

    private final Map<String, AuditEntry> open = new HashMap<>();
    private final List<Drill> drills = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (Trail.started(entry, DRILL)) {
            open.put(entry.operation(), entry);
        } else if (Trail.ended(entry, DRILL)) {
            AuditEntry begin = open.remove(entry.operation());
            if (begin != null && ofPeriod) {
                drills.add(new Drill(
                        begin.facts().getOrDefault("plan", ""), begin.facts().getOrDefault("predicted", ""), entry));
            }
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        return List.of(tests(scope), reviews(scope), times());
    }

    private List<Long> entries() {
        List<Long> entries = new ArrayList<>();
        drills.stream()
                .filter(each -> !each.isGood())
                .map(each -> each.end().index())
                .forEach(entries::add);
        drills.reversed().stream().map(each -> each.end().index()).forEach(entries::add);
        return entries;
    }

    private Measure tests(Scope scope) {
        String metric = "plans of recovery with a good drill in the period";
        Set<String> good =
                drills.stream().filter(Drill::isGood).map(Drill::plan).collect(Collectors.toSet());
        Map<String, String> plans = new java.util.TreeMap<>();
        scope.survey().plans().forEach(each -> plans.put(each.digest(), each.shown()));
        drills.forEach(each -> plans.putIfAbsent(each.plan(), "plan " + each.plan()));
        if (plans.isEmpty()) {
            return Measure.notAssessed("restore-test", metric, "no plan and no drill is on record");
        }
        List<String> exceptions = new ArrayList<>();
        plans.forEach((digest, shown) -> {
            if (!good.contains(digest)) {
                boolean tried = drills.stream().anyMatch(each -> each.plan().equals(digest));
                exceptions.add(shown + (tried ? ": no drill was good" : ": not tested in the period"));
            }
        });
        List<Long> entries = entries();
        if (scope.isSurveyed()) {
            entries.addFirst(scope.basis().survey());
        }
        return Measure.examined(
                "restore-test",
                metric,
                "all",
                (plans.size() - exceptions.size()) + " of " + plans.size() + "; " + drills.size() + " drills",
                plans.size(),
                exceptions,
                entries);
    }

    private Measure reviews(Scope scope) {
        String metric = "drills of the period whose results were reviewed and certified";
        if (drills.isEmpty() || !scope.isStated()) {
            return Measure.notAssessed(
                    "drill-review",
                    metric,
                    drills.isEmpty() ? "there was no drill in the period" : "the site states nothing of it");
        }
        Set<String> reviewed = scope.statements().drills().stream()
                .map(Statements.DrillReview::drill)
                .collect(Collectors.toSet());
        List<String> exceptions = drills.stream()
                .filter(each -> !reviewed.contains(each.id()))
                .map(each -> "drill " + each.id() + ": no review is stated")
                .toList();
        List<Long> entries = new ArrayList<>(List.of(scope.basis().stated()));
        entries.addAll(entries());
        return Measure.examined(
                "drill-review",
                metric,
                "all",
                (drills.size() - exceptions.size()) + " of " + drills.size(),
                drills.size(),
                exceptions,
                entries);
    }

    private Measure times() {
        List<String> exceptions = drills.stream()
                .filter(each -> each.actual() > PROPOSED_SECONDS)
                .map(each -> "drill " + each.id() + ": " + Trail.hours(each.actual()))
                .toList();
        double longest = drills.stream().mapToDouble(Drill::actual).max().orElse(0);
        return Measure.examined(
                "restore-72h",
                "longest recovery of the drills of the period",
                "72.0 h (proposed)",
                Trail.hours(longest),
                drills.size(),
                exceptions,
                entries());
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        Map<String, String> by = new HashMap<>();
        scope.statements().drills().forEach(each -> by.put(each.drill(), each.reviewer() + ", " + each.on()));
        return List.of(new Section.Table(
                "Drills of the period",
                List.of(
                        "Drill",
                        "Time (UTC)",
                        "Plan",
                        "Predicted",
                        "Actual",
                        "Error",
                        "Objectives",
                        "Reviewed",
                        "Entry"),
                drills.stream()
                        .map(each -> List.of(
                                each.id(),
                                each.end().time().toString(),
                                each.plan()
                                        .substring(0, Math.min(12, each.plan().length())),
                                each.predicted() + " s",
                                each.end().facts().getOrDefault("actual", "") + " s",
                                each.end().facts().getOrDefault("errorPercent", "") + " %",
                                each.isGood() ? "met" : "NOT met",
                                by.getOrDefault(each.id(), "not stated"),
                                String.valueOf(each.end().index())))
                        .toList()));
    }
}
