package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.ByteSizes;
import org.medbackup.policy.Explained;
import org.medbackup.policy.LabelFinding;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PolicyReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why files land where they land. */
@Command(
        name = "explain",
        description =
                "Says what files are, where they land by the policy in force, and why. A folder stands for all files"
                        + " below it.")
final class PolicyExplainCommand extends ProductCommand {

    private static final int SHOWN = 20;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
    List<String> paths = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Name so many files one by one (default: 1000); all are counted.")
    int limit = 1000;

    @Override
    Answer answer(MedBackup product) {
        PolicyReports.Landed landed =
                product.policy().explain(paths.stream().map(Paths::absolute).toList(), Math.max(0, limit));
        var answer = new Answer()
                .field("policy", PolicyAnswer.policy(landed.policy()))
                .field("files", landed.files())
                .field(
                        "decisions",
                        landed.rows().stream().map(PolicyExplainCommand::row).toList())
                .field(
                        "groups",
                        landed.groups().stream()
                                .map(PolicyExplainCommand::group)
                                .toList())
                .field(
                        "unread",
                        landed.unread().stream()
                                .map(each -> Map.of("path", each.path().toString(), "message", each.message()))
                                .toList())
                .field("unreadable", landed.unreadable())
                .line(PolicyAnswer.line(landed.policy()));
        if (landed.files() <= SHOWN) {
            landed.rows().forEach(each -> lines(answer, each));
        } else {
            landed.groups().forEach(each -> lines(answer, each));
        }
        landed.unread().stream().limit(SHOWN).forEach(each -> answer.line(each.path() + ": " + each.message()));
        return landed.unreadable() == 0
                ? answer
                : answer.line(landed.unreadable() + " could not be read; such files count as patient data")
                        .incomplete();
    }

    private static Map<String, Object> row(PolicyReports.Row row) {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", row.facts().path().toString());
        members.put("kind", kind(row));
        members.put("sensitivity", row.found().sensitivity());
        members.put(
                "labels",
                row.found().findings().stream()
                        .map(each -> Map.of(
                                "label", each.label(), "reason", each.reason().text()))
                        .toList());
        members.putAll(PolicyAnswer.decision(row.explained().decision()));
        members.put("costPerMonth", cost(row.explained().costPerMonth()));
        members.put(
                "rejected",
                row.explained().rejected().stream()
                        .map(PolicyExplainCommand::rejected)
                        .toList());
        return members;
    }

    private static String kind(PolicyReports.Row row) {
        return row.found().kind().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> rejected(Explained.Rejected rejected) {
        var members = new LinkedHashMap<String, Object>();
        members.put("tier", rejected.tier());
        members.put("reason", rejected.reason());
        members.put("costPerMonth", cost(rejected.costPerMonth()));
        return members;
    }

    private static Object cost(@Nullable Double cost) {
        return cost == null ? Answer.NONE : cost;
    }

    private static Map<String, Object> group(PolicyReports.Group group) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", group.kind());
        members.put("files", group.files());
        members.put("bytes", group.bytes());
        members.putAll(PolicyAnswer.decision(group.decision()));
        return members;
    }

    private static void lines(Answer answer, PolicyReports.Row row) {
        answer.line(row.facts().path().toString())
                .line("  is " + kind(row) + ", " + row.found().sensitivity()
                        + row.found().findings().stream()
                                .map(PolicyExplainCommand::label)
                                .reduce("", String::concat))
                .line("  goes to " + PolicyAnswer.line(row.explained().decision())
                        + price(row.explained().costPerMonth()));
        row.explained().decision().trace().forEach(each -> answer.line("    " + PolicyAnswer.line(each)));
        row.explained()
                .rejected()
                .forEach(each ->
                        answer.line("    not " + each.tier() + ": " + each.reason() + price(each.costPerMonth())));
    }

    private static String label(LabelFinding finding) {
        return "; " + finding.label() + ": " + finding.reason().text();
    }

    private static String price(@Nullable Double cost) {
        return cost == null ? "" : ", " + PolicyAnswer.money(cost) + " a month";
    }

    private static void lines(Answer answer, PolicyReports.Group group) {
        answer.line(PolicyAnswer.files(group.files()) + ", "
                + ByteSizes.text(group.bytes()) + " of " + group.kind() + ": to "
                + PolicyAnswer.line(group.decision()));
        group.decision().trace().forEach(each -> answer.line("    " + PolicyAnswer.line(each)));
    }
}
