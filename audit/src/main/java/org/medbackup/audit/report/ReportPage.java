package org.medbackup.audit.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.page.Block;
import org.medbackup.documents.page.HtmlPage;
import org.medbackup.documents.page.Page;
import org.medbackup.documents.page.PdfPage;

/** A report as a page for people. Its JSON document is the one truth: every number of the page stands there. */
public final class ReportPage {

    /** Of a proof a page names the entry and the beginning of its hash; the whole stands in the JSON document. */
    private static final int SHOWN_OF_HASH = 16;

    private ReportPage() {}

    /** As one HTML file. */
    public static String html(Members document) {
        return HtmlPage.write(of(document));
    }

    /** As PDF. */
    public static byte[] pdf(Members document) {
        return PdfPage.write(of(document));
    }

    private static Page of(Members document) {
        List<Block> blocks = new ArrayList<>();
        cover(blocks, document);
        matrix(blocks, document);
        claims(blocks, document);
        sections(blocks, document);
        proofs(blocks, document);
        return new Page(
                document.members("profile").text("title"), "en", Instant.parse(document.text("generatedAt")), blocks);
    }

    private static void cover(List<Block> blocks, Members document) {
        Members profile = document.members("profile");
        Members trail = document.members("trail");
        if (profile.values().get("inForce") instanceof JsonValue.Truth(boolean inForce) && !inForce) {
            blocks.add(new Block.Notice("A proposal, not law."));
        }
        blocks.add(new Block.Notice(profile.text("notice")));
        List<Block.Fact> facts = new ArrayList<>();
        String entity = document.text("entity");
        facts.add(new Block.Fact("Entity", entity.isEmpty() ? "not stated" : entity));
        facts.add(new Block.Fact("Report", document.text("reportId")));
        facts.add(new Block.Fact("Profile", profile.text("id") + " version " + profile.text("version")));
        facts.add(new Block.Fact(
                "Period (UTC)",
                document.members("period").text("from") + " to before "
                        + document.members("period").text("to")));
        facts.add(new Block.Fact("As of (last entry of the trail that it uses)", document.text("generatedAt")));
        facts.add(new Block.Fact("Made by", document.text("generator")));
        facts.add(new Block.Fact("Entries of the audit trail", number(trail, "size")));
        facts.add(new Block.Fact("Of these in the period", number(trail, "entriesOfPeriod")));
        facts.add(new Block.Fact("Root of the trail (SHA-256)", trail.text("root")));
        facts.add(new Block.Fact("Key of the trail", trail.text("key")));
        document.find("survey").ifPresent(found -> {
            Members survey = (Members) found;
            facts.add(new Block.Fact(
                    "Configuration as surveyed",
                    survey.text("time") + ", entry " + number(survey, "entry")
                            + (truth(survey, "ofPeriod") ? "" : ", AFTER the period")));
        });
        document.find("statements").ifPresent(found -> {
            Members statements = (Members) found;
            facts.add(new Block.Fact(
                    "Statements of the site",
                    "SHA-256 " + statements.text("sha256") + ", entry " + number(statements, "entry")));
        });
        facts.add(new Block.Fact(
                "This page's document, in canonical form (SHA-256)",
                ReportFiles.sha256(ReportDocument.bytes(document))));
        blocks.add(new Block.Facts("The report", facts));
        blocks.add(new Block.Blanks(
                "Attestation: to be filled in by those who answer for it; what stands here is unchanged by it",
                List.of("Reviewed by (name, role)", "Approved by management", "Date", "Signature")));
        List<Block.Fact> summary = new ArrayList<>();
        Members counts = document.members("summary");
        counts.values().keySet().forEach(each -> summary.add(new Block.Fact(each, number(counts, each))));
        blocks.add(new Block.Facts("Controls by status", summary));
    }

    private static void matrix(List<Block> blocks, Members document) {
        blocks.add(new Block.Heading("Control matrix"));
        blocks.add(new Block.Words("Marks of citations. "
                + java.util.Arrays.stream(Control.Mark.values())
                        .map(each -> each + ": " + each.words())
                        .collect(Collectors.joining(". "))
                + "."));
        List<List<String>> rows = new ArrayList<>();
        for (Members control : objects(document, "controls")) {
            rows.add(List.of(
                    control.text("id") + " " + control.text("title"),
                    control.text("need"),
                    control.text("status"),
                    control.text("citation") + " [" + control.text("mark") + "]",
                    mappings(control)));
        }
        blocks.add(new Block.Table("Controls", List.of("Control", "Need", "Status", "Citation", "Also"), rows));
    }

    private static String mappings(Members control) {
        Members all = control.members("mappings");
        return all.values().keySet().stream()
                .map(each -> each + ": " + String.join(", ", texts(all, each)))
                .collect(Collectors.joining("; "));
    }

    private static void claims(List<Block> blocks, Members document) {
        blocks.add(new Block.Heading("Claims"));
        for (Members control : objects(document, "controls")) {
            blocks.add(new Block.Words(control.text("id") + ": " + control.text("status") + ". "
                    + control.text("asks") + " [" + control.text("asksMark") + "]"
                    + (truth(control, "part") ? " Backup and recovery show a part of it only." : "")));
            control.find("alternative").ifPresent(found -> {
                Members each = (Members) found;
                blocks.add(new Block.Words("Documented alternative of the site: " + each.text("alternative")
                        + " Reason: " + each.text("reason") + " Owner: " + each.text("owner") + ", until "
                        + each.text("expires") + "."));
            });
            List<List<String>> rows = new ArrayList<>();
            for (Members claim : objects(control, "claims")) {
                rows.add(List.of(
                        claim.text("evidenceId"),
                        claim.text("status"),
                        claim.text("metric"),
                        claim.text("threshold"),
                        claim.text("observed"),
                        number(claim, "population"),
                        number(claim, "sampleSize"),
                        String.join("; ", texts(claim, "exceptions")),
                        String.join(", ", texts(claim, "entries"))));
            }
            blocks.add(new Block.Table(
                    "What shows " + control.text("id"),
                    List.of(
                            "Evidence",
                            "Status",
                            "Metric",
                            "Threshold",
                            "Observed",
                            "Population",
                            "Sample",
                            "Exceptions",
                            "Entries"),
                    rows));
        }
    }

    private static void sections(List<Block> blocks, Members document) {
        for (Members section : objects(document, "sections")) {
            blocks.add(new Block.Heading(section.text("title")));
            texts(section, "words").forEach(each -> blocks.add(new Block.Words(each)));
            for (Members table : objects(section, "tables")) {
                List<List<String>> rows = table.items("rows").stream()
                        .map(each -> ((JsonValue.Items) each)
                                .values().stream().map(ReportPage::text).toList())
                        .toList();
                blocks.add(new Block.Table(table.text("caption"), texts(table, "columns"), rows));
            }
        }
    }

    private static void proofs(List<Block> blocks, Members document) {
        blocks.add(new Block.Heading("Proofs"));
        blocks.add(new Block.Words("Each entry was proven to be in the trail under the root above (RFC 9162, 2.1.3)."
                + " The whole proofs stand in the JSON document; `medbackup report verify` checks them, the signature"
                + " and this page with the public key alone."));
        var shown = new java.util.TreeMap<Long, List<String>>();
        for (Members control : objects(document, "controls")) {
            for (Members each : objects(control, "evidence")) {
                shown.putIfAbsent(
                        each.whole("entry"),
                        List.of(
                                number(each, "entry"),
                                each.text("leafHash").substring(0, SHOWN_OF_HASH) + "…",
                                String.valueOf(
                                        each.members("proof").items("path").size())));
            }
        }
        blocks.add(new Block.Table(
                "Entries", List.of("Entry", "Hash of its record", "Hashes of its proof"), List.copyOf(shown.values())));
    }

    static List<Members> objects(Members of, String name) {
        return of.items(name).stream().map(Members.class::cast).toList();
    }

    static List<String> texts(Members of, String name) {
        return of.items(name).stream().map(ReportPage::text).toList();
    }

    static String number(Members of, String name) {
        return text(of.values().getOrDefault(name, new JsonValue.Null()));
    }

    private static boolean truth(Members of, String name) {
        return new JsonValue.Truth(true).equals(of.values().get(name));
    }

    private static String text(JsonValue value) {
        return value instanceof JsonValue.Text text ? text.value() : org.medbackup.documents.Json.write(value);
    }
}
