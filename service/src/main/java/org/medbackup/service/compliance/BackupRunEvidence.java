package org.medbackup.service.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.core.error.ErrorCode;

/** Whether backups were made: how many runs came out right, how old copies came to be, and why runs failed. */
final class BackupRunEvidence implements EvidenceCollector {

    private static final Duration PROPOSED = Duration.ofDays(2);

    /** Failures of a schedule: an objective or a window that was missed, or will be. */
    private static final Set<String> LATE = Set.of(
            ErrorCode.RPO_AT_RISK.name(),
            ErrorCode.RPO_MISSED.name(),
            ErrorCode.NO_GOOD_BACKUP.name(),
            ErrorCode.WINDOW_AT_RISK.name());

    private final BackupRuns runs = new BackupRuns();
    private final SortedMap<String, Long> causes = new TreeMap<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        runs.see(entry, ofPeriod);
        String failure = entry.facts().get("failure");
        boolean late = "incident-opened".equals(entry.action()) && failure != null && LATE.contains(failure);
        if (ofPeriod && failure != null && (late || entry.event().equals("found"))) {
            causes.merge(failure, 1L, Long::sum);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        return List.of(execution(scope), age(scope));
    }

    /** The sources that there should be and those that there were, with their objectives in seconds. */
    private SortedMap<String, Long> expected(Scope scope) {
        var expected = new TreeMap<String, Long>();
        runs.sources().keySet().forEach(each -> expected.put(each, 0L));
        scope.survey().sources().stream()
                .filter(Survey.Source::isProtected)
                .forEach(each -> expected.put(each.name(), each.rpo()));
        return expected;
    }

    private BackupRuns.Source source(String name) {
        return runs.sources().getOrDefault(name, new BackupRuns.Source());
    }

    private Measure execution(Scope scope) {
        SortedMap<String, Long> expected = expected(scope);
        List<String> exceptions = new ArrayList<>();
        List<Long> first = new ArrayList<>();
        List<Long> then = new ArrayList<>();
        long all = 0;
        long good = 0;
        for (Map.Entry<String, Long> each : expected.entrySet()) {
            BackupRuns.Source source = source(each.getKey());
            all += source.runs();
            good += source.succeeded();
            List<String> wrong = wrong(scope, each.getKey(), source, each.getValue());
            exceptions.addAll(wrong);
            (wrong.isEmpty() ? then : first).addAll(source.entries());
        }
        first.addAll(then);
        if (scope.isSurveyed() && !exceptions.isEmpty()) {
            first.addFirst(scope.basis().survey());
        }
        return Measure.examined(
                "backup-exec",
                "sources with a copy that was never older than its objective, and whose last run succeeded",
                "all",
                (expected.size() - faulty(scope, expected)) + " of " + expected.size() + " sources; " + good + " of "
                        + all + " runs succeeded (" + Trail.percent(good, all) + ")",
                expected.size(),
                exceptions,
                first);
    }

    private long faulty(Scope scope, SortedMap<String, Long> expected) {
        return expected.entrySet().stream()
                .filter(each -> !wrong(scope, each.getKey(), source(each.getKey()), each.getValue())
                        .isEmpty())
                .count();
    }

    private static List<String> wrong(Scope scope, String name, BackupRuns.Source source, long objective) {
        if (!source.isBackedUp()) {
            return List.of(name + ": never backed up");
        }
        List<String> wrong = new ArrayList<>();
        if (!source.endsWell()) {
            wrong.add(name + ": its last run did not succeed");
        }
        Duration oldest = source.oldest(scope.basis().period().from(), scope.end());
        if (objective == 0 && source.succeeded() == 0) {
            wrong.add(name + ": no run of the period succeeded");
        }
        if (objective > 0 && oldest.toSeconds() > objective) {
            wrong.add(name + ": its copy was up to " + Trail.hours(oldest) + " old, objective "
                    + Trail.hours(Duration.ofSeconds(objective)));
        }
        return wrong;
    }

    private Measure age(Scope scope) {
        List<String> exceptions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        SortedMap<String, Long> expected = expected(scope);
        Duration oldest = Duration.ZERO;
        for (String name : expected.keySet()) {
            BackupRuns.Source source = source(name);
            Duration age = source.oldest(scope.basis().period().from(), scope.end());
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
            if (!source.isBackedUp()) {
                exceptions.add(name + ": never backed up");
            } else if (age.compareTo(PROPOSED) > 0) {
                exceptions.add(name + ": " + Trail.hours(age));
            }
            entries.addAll(source.entries());
        }
        if (entries.isEmpty() && scope.isSurveyed()) {
            entries.add(scope.basis().survey());
        }
        return Measure.examined(
                "copy-age-48h",
                "age of the newest copy of each source, at its most",
                "48.0 h (proposed)",
                Trail.hours(oldest),
                expected.size(),
                exceptions,
                entries);
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        List<List<String>> rows = new ArrayList<>();
        expected(scope).forEach((name, objective) -> {
            BackupRuns.Source source = source(name);
            rows.add(List.of(
                    name,
                    String.valueOf(source.runs()),
                    String.valueOf(source.succeeded()),
                    Trail.percent(source.succeeded(), source.runs()),
                    source.isBackedUp()
                            ? Trail.hours(source.oldest(scope.basis().period().from(), scope.end()))
                            : "never backed up",
                    objective == 0 ? "none" : Trail.hours(Duration.ofSeconds(objective))));
        });
        List<List<String>> why = new ArrayList<>();
        causes.forEach((cause, count) -> why.add(List.of(cause, String.valueOf(count))));
        return List.of(
                new Section.Table(
                        "Runs of the period",
                        List.of("Source", "Runs", "Succeeded", "Share", "Oldest copy", "Objective"),
                        rows),
                new Section.Table(
                        "What runs met, and objectives and windows that were missed, by cause",
                        List.of("Cause", "Times"),
                        why));
    }
}
