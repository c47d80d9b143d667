package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** How restore points are sealed, and what was done with keys. */
final class EncryptionEvidence implements EvidenceCollector {

    /** What every repository of format 1 is sealed with; there is no setting for anything else (docs/format.md). */
    static final String SUITE = "AES-256-GCM, keys by HKDF-SHA-256, wrapped by X25519+ML-KEM-768";

    private final List<AuditEntry> commits = new ArrayList<>();
    private final List<AuditEntry> repositories = new ArrayList<>();
    private final List<AuditEntry> keys = new ArrayList<>();

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        String action = String.valueOf(entry.action());
        if (ofPeriod && entry.event().equals("phase") && action.equals("commit")) {
            commits.add(entry);
        } else if (Trail.started(entry, "init")) {
            repositories.add(entry);
        } else if (ofPeriod && Trail.ended(entry) && action.startsWith("key-")) {
            keys.add(entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        List<Long> entries = new ArrayList<>();
        commits.reversed().stream().limit(5).forEach(each -> entries.add(each.index()));
        repositories.reversed().stream().limit(2).forEach(each -> entries.add(each.index()));
        List<Long> ofKeys = keys.reversed().stream().map(AuditEntry::index).toList();
        List<String> refused = keys.stream()
                .filter(each -> !Trail.succeeded(each))
                .map(each -> "entry " + each.index() + ": " + each.action() + " " + each.outcome())
                .toList();
        return List.of(
                Measure.examined(
                        "encryption",
                        "restore points of the period that were sealed when they were committed",
                        "all; " + SUITE,
                        commits.size() + " of " + commits.size() + "; the format knows no other way",
                        commits.size(),
                        List.of(),
                        entries),
                keys.isEmpty()
                        ? Measure.notAssessed("keys", "operations on keys", "there was none in the period")
                        : Measure.examined(
                                "keys",
                                "operations on keys of the period that came out right",
                                "all",
                                (keys.size() - refused.size()) + " of " + keys.size(),
                                keys.size(),
                                refused,
                                ofKeys));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        List<List<String>> made = repositories.stream()
                .map(each -> List.of(
                        each.time().toString(),
                        each.facts().getOrDefault("derivation", ""),
                        each.facts().getOrDefault("signatures", ""),
                        String.valueOf(each.index())))
                .toList();
        List<List<String>> done = keys.stream()
                .map(each -> List.of(
                        each.time().toString(),
                        String.valueOf(each.action()),
                        String.valueOf(each.outcome()),
                        String.valueOf(each.index())))
                .toList();
        return List.of(
                new Section.Table("Sealing", List.of("What", "How"), List.of(List.of("Data and names", SUITE))),
                new Section.Table(
                        "Repositories that were made", List.of("Time (UTC)", "Passwords", "Signatures", "Entry"), made),
                new Section.Table(
                        "Operations on keys in the period", List.of("Time (UTC)", "What", "Outcome", "Entry"), done));
    }
}
