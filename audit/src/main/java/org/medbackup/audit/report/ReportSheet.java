package org.medbackup.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.medbackup.documents.JsonValue.Members;

/** The claims of a report as comma-separated values (RFC 4180), one line each, in UTF-8. */
public final class ReportSheet {

    private static final List<String> COLUMNS = List.of(
            "control",
            "title",
            "need",
            "citation",
            "mark",
            "status",
            "evidence",
            "claimStatus",
            "metric",
            "threshold",
            "observed",
            "population",
            "sampleSize",
            "exceptions",
            "entries",
            "proofs");

    private ReportSheet() {}

    /** The file's text. */
    public static String csv(Members document) {
        var out = new StringBuilder();
        line(out, COLUMNS);
        for (Members control : ReportPage.objects(document, "controls")) {
            long proofs = control.items("evidence").size();
            for (Members claim : ReportPage.objects(control, "claims")) {
                List<String> cells = new ArrayList<>();
                List.of("id", "title", "need", "citation", "mark", "status")
                        .forEach(each -> cells.add(control.text(each)));
                List.of("evidenceId", "status", "metric", "threshold", "observed")
                        .forEach(each -> cells.add(claim.text(each)));
                cells.add(ReportPage.number(claim, "population"));
                cells.add(ReportPage.number(claim, "sampleSize"));
                cells.add(String.join("; ", ReportPage.texts(claim, "exceptions")));
                cells.add(String.join(" ", ReportPage.texts(claim, "entries")));
                cells.add(String.valueOf(proofs));
                line(out, cells);
            }
        }
        return out.toString();
    }

    private static void line(StringBuilder out, List<String> cells) {
        out.append(cells.stream().map(ReportSheet::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    /** What a spreadsheet would take for a formula begins with a quotation mark of its own. */
    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(each -> each == ',' || each == '"' || each == '\n' || each == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
