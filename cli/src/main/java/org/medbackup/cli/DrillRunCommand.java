package org.medbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.DrillReport;
import org.medbackup.service.DrillResult;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.EvidenceRequest;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rehearses a recovery. */
@Command(
        name = "run",
        description =
                "Predicts a plan of recovery, carries it out in a folder of its own under its envelope, measures and"
                        + " checks it, and takes everything away again.")
final class DrillRunCommand extends LimitedCommand {

    @Parameters(paramLabel = "PLAN", description = "File of the plan.")
    Path plan = Path.of("");

    @Option(
            names = "--scratch",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "Folder on the file system that will be restored to in earnest; what is restored in it is taken"
                            + " away again.")
    Path scratch = Path.of("");

    @Mixin
    EvidenceOptions evidence = new EvidenceOptions();

    @Override
    Answer answer(MedBackup product) {
        EvidenceRequest request = evidence.request();
        DrillResult result = product.drills().run(root().access(), plan, scratch);
        var answer = new Answer();
        Map<String, Object> members = DrillReport.members(result);
        members.forEach(answer::field);
        answer.field("stages", stages(result)).field("checks", checks(result));
        answer.line(String.format(
                Locale.ROOT,
                "predicted %.1f s, took %.1f s (%+.1f %%)",
                result.prediction().expected().toMillis() / 1e3,
                result.actual().toMillis() / 1e3,
                result.errorPercent()));
        result.applications().forEach(each -> answer.line(line(each)));
        answer.line(result.clean() ? "nothing of it is left" : "SOMETHING OF IT IS LEFT in " + scratch);
        if (evidence.report != null) {
            answer.line("the evidence is in " + product.evidence().write(result, plan, evidence.report, request));
        }
        return ended(answer, result);
    }

    private static Answer ended(Answer answer, DrillResult result) {
        if (!result.isSound()) {
            return answer.ending(ExitCode.DAMAGE, ErrorCode.RESTORED_CONTENT_WRONG, "a check of the drill failed");
        }
        if (!result.isMet()) {
            return answer.ending(ExitCode.OBJECTIVE_MISSED, ErrorCode.OBJECTIVE_MISSED, "an objective was missed");
        }
        return result.clean() ? answer : answer.ending(ExitCode.FAILED, ErrorCode.TARGET_UNUSABLE, "something is left");
    }

    private static String line(Recovered each) {
        String checks = String.join(
                ", ",
                each.checks().stream()
                        .map(check -> check.name() + (check.ok() ? " ok" : " FAILED: " + check.message()))
                        .toList());
        return String.format(
                Locale.ROOT,
                "  %s  there after %.1f s of %.0f%s; %s",
                each.name(),
                each.end().toMillis() / 1e3,
                each.rto().toMillis() / 1e3,
                each.isMet() ? "" : ", OBJECTIVE MISSED",
                checks);
    }

    private static List<Map<String, Object>> stages(DrillResult result) {
        List<Map<String, Object>> stages = new ArrayList<>();
        result.applications()
                .forEach(each -> stages.add(Map.of(
                        "name",
                        each.name() + "/RESTORE",
                        "seconds",
                        each.end().minus(each.begin()).toMillis() / 1e3)));
        return stages;
    }

    private static List<Map<String, Object>> checks(DrillResult result) {
        List<Map<String, Object>> checks = new ArrayList<>();
        result.applications()
                .forEach(each -> each.checks()
                        .forEach(check ->
                                checks.add(Map.of("name", each.name() + "/" + check.name(), "ok", check.ok()))));
        return checks;
    }
}
