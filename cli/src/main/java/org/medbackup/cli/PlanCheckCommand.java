package org.medbackup.cli;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.recovery.plan.PlanFault;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PlanOperations.Checked;
import org.medbackup.service.PlanOperations.Held;
import org.medbackup.service.PlanOperations.Obstacle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Everything that is wrong with a plan of recovery. */
@Command(
        name = "check",
        description = "Names everything that is wrong with a plan of recovery, and what of it could not be recovered"
                + " now: no restore point, or one that is too old. Asks no target.")
final class PlanCheckCommand extends ProductCommand {

    @Parameters(paramLabel = "PLAN", description = "File of the plan.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        Checked checked = product.plans().check(file);
        var answer = new Answer()
                .field("file", file.toString())
                .field(
                        "faults",
                        checked.faults().stream().map(PlanCheckCommand::members).toList())
                .field(
                        "applications",
                        checked.applications().stream()
                                .map(PlanCheckCommand::members)
                                .toList());
        checked.faults().forEach(each -> answer.line(each.text()));
        checked.applications().forEach(each -> answer.line(line(each)));
        if (!checked.faults().isEmpty()) {
            return answer.ending(
                    ExitCode.USAGE,
                    ErrorCode.PLAN_INVALID,
                    ErrorCode.PLAN_INVALID.title() + ": " + checked.faults().size() + " faults were found");
        }
        return checked.isSound()
                ? answer.line("the plan can be carried out")
                : answer.ending(
                        ExitCode.OBJECTIVE_MISSED, ErrorCode.PLAN_OBSTRUCTED, ErrorCode.PLAN_OBSTRUCTED.title());
    }

    private static String line(Held each) {
        String from = each.snapshot().isEmpty()
                ? "no restore point"
                : each.snapshot().substring(0, 8) + " of " + each.point().truncatedTo(ChronoUnit.SECONDS);
        return each.application().name() + "  " + from
                + (each.obstacles().isEmpty()
                        ? ""
                        : "; "
                                + each.obstacles().stream()
                                        .map(PlanCheckCommand::said)
                                        .collect(Collectors.joining(", ")));
    }

    private static String said(Obstacle obstacle) {
        return switch (obstacle) {
            case NO_JOB -> "THE CONFIGURATION HAS NO SUCH JOB";
            case NO_RESTORE_POINT -> "NOTHING TO RECOVER FROM";
            case RPO_MISSED -> "OLDER THAN ITS RPO";
        };
    }

    private static Map<String, Object> members(PlanFault fault) {
        var members = new LinkedHashMap<String, Object>();
        members.put("line", fault.line());
        members.put("key", fault.key());
        members.put("message", fault.message());
        return members;
    }

    private static Map<String, Object> members(Held each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", each.application().name());
        members.put("job", each.application().job());
        members.put("rtoSeconds", each.application().objectives().rto().toSeconds());
        members.put("snapshot", each.snapshot().isEmpty() ? Answer.NONE : each.snapshot());
        members.put(
                "time", each.snapshot().isEmpty() ? Answer.NONE : each.point().toString());
        members.put("obstacles", each.obstacles());
        return members;
    }
}
