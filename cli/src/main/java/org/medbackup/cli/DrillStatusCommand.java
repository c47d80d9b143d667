package org.medbackup.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.service.DrillStatus;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Shows which applications were rehearsed when. */
@Command(
        name = "status",
        description = "Shows the applications of the drills of the configuration: when and how each was last rehearsed,"
                + " and until when it is to be again.")
final class DrillStatusCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        List<DrillStatus> all = product.configuredDrills().status();
        var answer = new Answer()
                .field(
                        "applications",
                        all.stream().map(DrillStatusCommand::members).toList());
        if (all.isEmpty()) {
            return answer.line("no drill runs by itself; name one under `drills` in the configuration");
        }
        all.forEach(each -> answer.line(line(each)));
        return answer;
    }

    private static Map<String, Object> members(DrillStatus status) {
        var members = new LinkedHashMap<String, Object>();
        members.put("drill", status.drill());
        members.put("plan", status.plan());
        members.put("application", status.application());
        members.put("last", last(status.last()));
        members.put("good", text(status.good()));
        members.put("due", status.due().toString());
        members.put("overdue", status.overdue());
        members.put("tooLarge", status.tooLarge());
        members.put("attainable", status.attainable());
        return members;
    }

    private static Object last(@Nullable Drilled last) {
        if (last == null) {
            return Answer.NONE;
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("time", last.began().toString());
        members.put("outcome", last.outcome());
        members.put("points", last.rule());
        members.put("snapshot", last.snapshot());
        members.put("choiceSeed", last.seed());
        members.put("partial", last.share() < 1);
        members.put("share", last.share());
        members.put("seconds", last.took() == null ? Answer.NONE : BackupAnswer.seconds(last.took()));
        return members;
    }

    private static Object text(@Nullable Instant instant) {
        return instant == null ? Answer.NONE : instant.toString();
    }

    private static String line(DrillStatus status) {
        Drilled last = status.last();
        String said = last == null
                ? "never rehearsed"
                : "last " + last.outcome() + " at " + last.began() + " from its "
                        + last.rule().toLowerCase(Locale.ROOT) + " restore point"
                        + (last.share() < 1 ? ", a sample" : "");
        return status.drill() + ": " + status.plan() + "/" + status.application() + ": " + said + ", "
                + (status.overdue() ? "OVERDUE since " : "due until ") + status.due()
                + (status.tooLarge() ? ", TOO LARGE for one drill" : "")
                + (status.attainable() || status.tooLarge() ? "" : ", the times of the drill do not suffice");
    }
}
