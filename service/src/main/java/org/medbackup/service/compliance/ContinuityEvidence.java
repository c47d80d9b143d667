package org.medbackup.service.compliance;

import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Measure;

/** In which of the twelve months before the period's end a backup was made. */
final class ContinuityEvidence implements EvidenceCollector {

    private static final int MONTHS = 12;

    private final SortedMap<YearMonth, Long> months = new TreeMap<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        boolean backup = Trail.ended(entry, "job") || Trail.ended(entry, "backup") || Trail.ended(entry, "app-backup");
        if (backup && Trail.succeeded(entry)) {
            months.put(YearMonth.from(entry.time().atZone(ZoneOffset.UTC)), entry.index());
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        String metric = "months of the last twelve with a backup on record";
        YearMonth last = YearMonth.from(scope.end().atZone(ZoneOffset.UTC));
        List<String> exceptions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        for (int back = MONTHS - 1; back >= 0; back--) {
            YearMonth month = last.minusMonths(back);
            Long entry = months.get(month);
            if (entry == null) {
                exceptions.add(month + ": none on record");
            } else {
                entries.add(entry);
            }
        }
        if (entries.isEmpty()) {
            return List.of(Measure.notAssessed("continuity", metric, "no backup is on record"));
        }
        return List.of(new Measure(
                "continuity",
                exceptions.isEmpty() ? ControlStatus.MET : ControlStatus.PARTIAL,
                metric,
                String.valueOf(MONTHS),
                String.valueOf(MONTHS - exceptions.size()),
                MONTHS,
                MONTHS,
                exceptions,
                entries));
    }
}
