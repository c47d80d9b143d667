package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Period;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.service.MedBackup;
import org.medbackup.service.ReportMade;
import org.medbackup.service.ReportOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a compliance report. */
@Command(
        name = "report",
        description = "Makes a compliance report of what the audit trail proves: JSON, HTML, PDF and CSV with the same"
                + " numbers, signed.",
        subcommands = {ReportVerifyCommand.class})
final class ReportCommand extends ProductCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "PROFILE",
            description = "The controls: hipaa, nist-800-53, nist-800-66, hicp, or hipaa-nprm-2025, which is a proposal"
                    + " and not law.")
    @Nullable
    String profile;

    @Option(
            names = "--period",
            paramLabel = "FROM/TO",
            description = "Two dates, both of which belong to it, or two instants; in UTC.")
    @Nullable
    String period;

    @Option(names = "--output", paramLabel = "DIR", description = "Folder for the files.")
    @Nullable
    Path output;

    @Option(
            names = "--statements",
            paramLabel = "FILE",
            description = "What the site states; that of the configuration unless given.")
    @Nullable
    Path statements;

    @Option(
            names = "--at",
            paramLabel = "ENTRIES",
            description = "As the trail was when it had so many entries: makes an earlier report again.")
    long at = -1;

    @Option(
            names = "--fail-on",
            paramLabel = "STATUS",
            description = "not-met: ends with 6 where a control is not met; not-assessed: also where of one nothing is"
                    + " known.")
    @Nullable
    String failOn;

    @Override
    Answer answer(MedBackup product) {
        if (profile == null || period == null || output == null) {
            // Not for picocli to demand: its verification needs none of them.
            throw ErrorCode.USAGE.because("a report needs a PROFILE, --period and --output");
        }
        if (failOn != null && !failOn.equals("not-met") && !failOn.equals("not-assessed")) {
            throw ErrorCode.USAGE
                    .because("--fail-on is not-met or not-assessed")
                    .about(failOn);
        }
        ReportMade made = product.compliance()
                .report(new ReportOrder(profile, Period.parse(period), output, statements, at < 0 ? -1 : at));
        Answer answer = answer(made);
        long open = made.count(ControlStatus.NOT_MET)
                + ("not-assessed".equals(failOn) ? made.count(ControlStatus.NOT_ASSESSED) : 0);
        return failOn == null || open == 0
                ? answer
                : answer.ending(ExitCode.OBJECTIVE_MISSED, ErrorCode.CONTROL_NOT_MET, open + " controls are " + failOn);
    }

    private static Answer answer(ReportMade made) {
        Members document = made.document();
        var answer = new Answer()
                .field("report", document.text("reportId"))
                .field("generatedAt", document.text("generatedAt"))
                .field("entries", document.members("trail").whole("size"))
                .field("summary", document.members("summary"))
                .field(
                        "controls",
                        document.items("controls").stream()
                                .map(each -> control((Members) each))
                                .toList())
                .field("files", made.files().stream().map(Path::toString).toList());
        for (JsonValue each : document.items("controls")) {
            Members control = (Members) each;
            answer.line(String.format(
                    java.util.Locale.ROOT,
                    "%-24s %-22s %s",
                    control.text("status"),
                    control.text("id"),
                    control.text("title")));
        }
        return answer.line("as of entry " + (document.members("trail").whole("size") - 1) + " of the audit trail, "
                + document.text("generatedAt") + ": " + made.files().getFirst());
    }

    private static Map<String, Object> control(Members control) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", control.text("id"));
        members.put("status", control.text("status"));
        List<JsonValue> evidence = control.items("evidence");
        members.put("evidence", evidence);
        return members;
    }
}
