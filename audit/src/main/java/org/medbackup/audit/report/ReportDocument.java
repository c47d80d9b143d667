package org.medbackup.audit.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.medbackup.audit.report.Assessment.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** The JSON document of a report: the one truth, of which the other forms are made. */
public final class ReportDocument {

    static final String KIND = "medbackup/compliance-report";

    private ReportDocument() {}

    /** The schema of the document, as JSON. */
    public static String schema() {
        return Profile.resource("report.schema.json");
    }

    /**
     * Makes it.
     *
     * @param proofs of entries under the head of the basis
     */
    public static Members of(
            Profile profile,
            Basis basis,
            Statements statements,
            Assessment assessment,
            List<Section> sections,
            ProofSource proofs) {
        var asked = new TreeSet<Long>();
        assessment.controls().forEach(each -> asked.addAll(cited(each, basis).keySet()));
        Map<Long, ProofSource.Proven> proven = proofs.prove(List.copyOf(asked));
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", KIND);
        members.put("schemaVersion", 1);
        members.put("reportId", id(profile, basis, statements));
        members.put("entity", statements.entity());
        members.put(
                "profile",
                Map.of(
                        "id",
                        profile.id(),
                        "version",
                        profile.version(),
                        "title",
                        profile.title(),
                        "notice",
                        profile.notice(),
                        "inForce",
                        profile.inForce()));
        members.put(
                "period",
                Map.of(
                        "from",
                        basis.period().from().toString(),
                        "to",
                        basis.period().to().toString()));
        members.put("generatedAt", basis.time().toString());
        members.put("generator", basis.generator());
        members.put(
                "trail",
                Map.of(
                        "key",
                        basis.key(),
                        "size",
                        basis.head().size(),
                        "root",
                        basis.head().root().toString(),
                        "entriesOfPeriod",
                        basis.entries()));
        if (basis.survey() >= 0) {
            members.put(
                    "survey",
                    Map.of(
                            "entry",
                            basis.survey(),
                            "time",
                            basis.surveyed().toString(),
                            "ofPeriod",
                            basis.surveyed().isBefore(basis.period().to())));
        }
        if (basis.stated() >= 0) {
            members.put("statements", Map.of("entry", basis.stated(), "sha256", statements.sha256()));
        }
        var summary = new LinkedHashMap<String, Object>();
        assessment.counts().forEach((status, count) -> summary.put(status.name(), count));
        members.put("summary", summary);
        members.put(
                "controls",
                assessment.controls().stream()
                        .map(each -> control(each, cited(each, basis), proven))
                        .toList());
        members.put("sections", sections.stream().map(ReportDocument::section).toList());
        return (Members) JsonValue.of(members);
    }

    private static String id(Profile profile, Basis basis, Statements statements) {
        String all = String.join(
                "\n",
                profile.id(),
                profile.version(),
                basis.period().toString(),
                basis.key(),
                String.valueOf(basis.head().size()),
                basis.head().root().toString(),
                statements.sha256());
        return ReportFiles.sha256(all.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }

    /** The kinds that each entry shows. */
    private static Map<Long, SortedSet<String>> cited(Outcome outcome, Basis basis) {
        var cited = new java.util.TreeMap<Long, SortedSet<String>>();
        for (Measure measure : outcome.measures()) {
            measure.entries()
                    .forEach(entry ->
                            cited.computeIfAbsent(entry, _ -> new TreeSet<>()).add(measure.kind()));
        }
        if (outcome.alternative().isPresent()) {
            cited.computeIfAbsent(basis.stated(), _ -> new TreeSet<>()).add("alternative");
        }
        return cited;
    }

    private static Map<String, Object> control(
            Outcome outcome, Map<Long, SortedSet<String>> cited, Map<Long, ProofSource.Proven> proven) {
        Control control = outcome.control();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", control.id());
        members.put("title", control.title());
        members.put("need", control.need());
        members.put("citation", control.citation());
        members.put("mark", control.mark());
        members.put("asks", control.asks());
        members.put("asksMark", control.asksMark());
        members.put("part", control.part());
        members.put("mappings", control.mappings());
        members.put("status", outcome.status());
        members.put(
                "claims", outcome.measures().stream().map(ReportDocument::claim).toList());
        List<Object> evidence = new ArrayList<>();
        cited.forEach((entry, kinds) -> {
            ProofSource.Proven shown = proven.get(entry);
            if (shown == null) {
                throw new IllegalStateException("an entry was not proven");
            }
            for (String kind : kinds) {
                evidence.add(Map.of(
                        "evidenceId",
                        kind,
                        "entry",
                        entry,
                        "leafHash",
                        shown.leaf().toString(),
                        "proof",
                        Map.of(
                                "size",
                                shown.proof().size(),
                                "path",
                                shown.proof().path().stream()
                                        .map(Object::toString)
                                        .toList())));
            }
        });
        members.put("evidence", evidence);
        outcome.alternative()
                .ifPresent(each -> members.put(
                        "alternative",
                        Map.of(
                                "alternative",
                                each.alternative(),
                                "reason",
                                each.reason(),
                                "owner",
                                each.owner(),
                                "expires",
                                each.expires().toString())));
        return members;
    }

    private static Map<String, Object> claim(Measure measure) {
        var members = new LinkedHashMap<String, Object>();
        members.put("evidenceId", measure.kind());
        members.put("status", measure.status());
        members.put("metric", measure.metric());
        members.put("threshold", measure.threshold());
        members.put("observed", measure.observed());
        members.put("population", measure.population());
        members.put("sampleSize", measure.sampleSize());
        members.put("exceptions", measure.exceptions());
        members.put("entries", measure.entries());
        return members;
    }

    private static Map<String, Object> section(Section section) {
        return Map.of(
                "id",
                section.id(),
                "title",
                section.title(),
                "words",
                section.words(),
                "tables",
                section.tables().stream()
                        .map(each -> Map.of(
                                "caption", each.caption(),
                                "columns", each.columns(),
                                "rows", each.rows()))
                        .toList());
    }

    /** The canonical bytes of a document (RFC 8785). */
    public static byte[] bytes(Members document) {
        return Json.canonical(document).getBytes(StandardCharsets.UTF_8);
    }
}
