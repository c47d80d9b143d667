package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** Whether what is stored was read again and found whole, and whether what came back was compared with what was stored. */
final class VerificationEvidence implements EvidenceCollector {

    /** Levels that open what is stored and compare it with its names, which are digests of the content. */
    private static final List<String> EXACT = List.of("content", "restore");

    private record Verified(String level, AuditEntry end) {}

    private final Map<String, String> levels = new HashMap<>();
    private final List<Verified> verifications = new ArrayList<>();
    private final List<AuditEntry> drills = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (Trail.started(entry, "verify")) {
            levels.put(
                    entry.operation(),
                    String.valueOf(entry.facts().get("level")).toLowerCase(Locale.ROOT));
        } else if (Trail.ended(entry, "verify")) {
            String level = levels.remove(entry.operation());
            if (ofPeriod) {
                verifications.add(new Verified(level == null ? "unknown" : level, entry));
            }
        } else if (Trail.ended(entry, "drill") && ofPeriod) {
            drills.add(entry);
        }
    }

    private static boolean isWhole(AuditEntry end) {
        return Trail.succeeded(end) && Trail.whole(end.facts().get("damaged")) == 0;
    }

    @Override
    public List<Measure> measures(Scope scope) {
        List<String> damaged = verifications.stream()
                .filter(each -> !isWhole(each.end()))
                .map(each -> "entry " + each.end().index() + ": " + each.end().outcome() + ", damaged "
                        + Trail.whole(each.end().facts().get("damaged")))
                .toList();
        long chunks = verifications.stream()
                .mapToLong(each -> Trail.whole(each.end().facts().get("chunks")))
                .sum();
        List<Long> shown = ordered(verifications.stream().map(Verified::end).toList());
        return List.of(
                Measure.examined(
                        "verify",
                        "verifications of the period that found everything whole",
                        "all, and at least one",
                        (verifications.size() - damaged.size()) + " of " + verifications.size() + "; " + chunks
                                + " chunks read again",
                        verifications.size(),
                        damaged,
                        shown),
                exact());
    }

    private Measure exact() {
        List<AuditEntry> compared = new ArrayList<>(drills);
        verifications.stream()
                .filter(each -> EXACT.contains(each.level()))
                .map(Verified::end)
                .forEach(compared::add);
        List<String> exceptions = compared.stream()
                .filter(each -> !isExact(each))
                .map(each -> "entry " + each.index() + ": what came back was not shown to be exact")
                .toList();
        return Measure.examined(
                "exact-copy",
                "verifications of content and drills of the period whose content was exact",
                "all, and at least one",
                (compared.size() - exceptions.size()) + " of " + compared.size(),
                compared.size(),
                exceptions,
                ordered(compared));
    }

    private static boolean isExact(AuditEntry end) {
        return "drill".equals(end.action()) ? "true".equals(end.facts().get("sound")) : isWhole(end);
    }

    /** What is wrong first, then the newest. */
    private static List<Long> ordered(List<AuditEntry> ends) {
        List<Long> entries = new ArrayList<>();
        ends.stream().filter(each -> !isExact(each)).map(AuditEntry::index).forEach(entries::add);
        ends.reversed().stream().map(AuditEntry::index).forEach(entries::add);
        return entries;
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "Verifications of the period",
                List.of("Time (UTC)", "Level", "Packs", "Chunks", "Damaged", "Outcome", "Entry"),
                verifications.stream()
                        .map(each -> List.of(
                                each.end().time().toString(),
                                each.level(),
                                each.end().facts().getOrDefault("packs", ""),
                                each.end().facts().getOrDefault("chunks", ""),
                                each.end().facts().getOrDefault("damaged", ""),
                                String.valueOf(each.end().outcome()),
                                String.valueOf(each.end().index())))
                        .toList()));
    }
}
