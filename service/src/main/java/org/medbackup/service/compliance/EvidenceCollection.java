package org.medbackup.service.compliance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/** All collectors over one trail, in the sections of the report. For one thread. */
public final class EvidenceCollection {

    private record Part(String id, String title, List<String> words, List<EvidenceCollector> collectors) {

        Part(String id, String title, String words, EvidenceCollector... collectors) {
            this(id, title, words.isEmpty() ? List.of() : List.of(words), Arrays.asList(collectors));
        }
    }

    private final List<Part> parts = List.of(
            new Part(
                    "inventory",
                    "Inventory and criticality",
                    "Sources stand here by the names of their jobs; a source that was backed up without a job by a token"
                            + " of its name, which the host's key alone can make.",
                    new InventoryEvidence(),
                    new CriticalityEvidence(),
                    new BackupPlanEvidence()),
            new Part(
                    "execution",
                    "Execution and recovery points",
                    "",
                    new BackupRunEvidence(),
                    new ConsistencyEvidence(),
                    new VerificationEvidence(),
                    new ContinuityEvidence()),
            new Part("restore-tests", "Restore tests and recovery times", "", new RestoreTestEvidence()),
            new Part(
                    "encryption",
                    "Encryption and keys",
                    "No key and no id of one leaves the host with this report.",
                    new EncryptionEvidence()),
            new Part(
                    "access",
                    "Access and approvals",
                    "Names of those who acted stand in the trail, not here. Approvals"
                            + " and emergencies are those of rules of access.",
                    new AccessEvidence(),
                    new GovernanceEvidence(),
                    new DisclosureEvidence()),
            new Part("log-integrity", "Integrity of the audit trail", "", new LogIntegrityEvidence()),
            new Part("retention", "Retention, holds and disposal", "", new RetentionEvidence()),
            new Part("media", "Media and location", "", new MediaEvidence(), new AssociateEvidence()),
            new Part("incidents", "Incidents and anomalies", "", new IncidentEvidence(), new AnomalyEvidence()));

    private final Part policies = new Part("policies", "Policy versions", "", new PolicyEvidence());

    private final List<EvidenceCollector> collectors = Stream.concat(parts.stream(), Stream.of(policies))
            .flatMap(each -> each.collectors().stream())
            .toList();

    /** Shows an entry to all of them. */
    public void see(AuditEntry entry, boolean ofPeriod) {
        collectors.forEach(each -> each.see(entry, ofPeriod));
    }

    /** What was measured, by kind of evidence. */
    public Map<String, Measure> measures(Scope scope) {
        Map<String, Measure> measures = new HashMap<>();
        for (EvidenceCollector each : collectors) {
            each.measures(scope).forEach(measure -> {
                if (measures.put(measure.kind(), measure) != null) {
                    throw new IllegalStateException("two collectors measure " + measure.kind());
                }
            });
        }
        return measures;
    }

    /** The sections behind the matrix of controls. */
    public List<Section> sections(Scope scope) {
        List<Section> sections = new ArrayList<>();
        parts.forEach(each -> sections.add(section(each, scope)));
        sections.add(Waivers.section(scope));
        sections.add(section(policies, scope));
        return sections;
    }

    private static Section section(Part part, Scope scope) {
        return new Section(
                part.id(),
                part.title(),
                part.words(),
                part.collectors().stream()
                        .flatMap(each -> each.tables(scope).stream())
                        .toList());
    }
}
