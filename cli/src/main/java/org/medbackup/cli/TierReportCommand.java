package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.service.CopyRule;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Says how jobs stand to the rule of copies. */
@Command(
        name = "report",
        description = "How the newest restore point of each job stands to the rule 3-2-1-1-0: three copies with the"
                + " original, two kinds of media, one elsewhere, one that nobody can delete, none unverified.")
final class TierReportCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        List<CopyRule> all = product.copyRule(root().access());
        long unmet = all.stream().filter(each -> !each.isMet()).count();
        var answer = new Answer()
                .field("jobs", all.stream().map(TierReportCommand::members).toList())
                .field("met", unmet == 0);
        if (all.isEmpty()) {
            answer.line("the configuration has no jobs");
        }
        all.forEach(each -> answer.line(line(each)));
        return unmet == 0
                ? answer
                : answer.ending(ExitCode.OBJECTIVE_MISSED, ErrorCode.COPIES_INSUFFICIENT, unmet + " jobs");
    }

    private static String line(CopyRule rule) {
        if (rule.places().isEmpty()) {
            return rule.job() + "  no restore point is known";
        }
        String places = rule.places().stream()
                .map(each -> CopyLedger.shown(each.target()) + " ("
                        + each.where().media()
                        + (each.where().isOffSite() ? ", " + each.where().site() : "")
                        + each.locked().map(until -> ", locked until " + until).orElse("")
                        + (each.isVerified() ? "" : ", not verified") + ")")
                .collect(Collectors.joining(", "));
        return rule.job() + "  " + rule.snapshot().substring(0, 8) + "  original, " + places
                + (rule.isMet() ? "" : "; MISSING: " + missing(rule).collect(Collectors.joining(", ")));
    }

    private static java.util.stream.Stream<String> missing(CopyRule rule) {
        return rule.missing().stream().map(each -> each.name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, Object> members(CopyRule rule) {
        var members = new LinkedHashMap<String, Object>();
        members.put("job", rule.job());
        members.put("snapshot", rule.snapshot().isEmpty() ? Answer.NONE : rule.snapshot());
        members.put(
                "time", rule.snapshot().isEmpty() ? Answer.NONE : rule.point().toString());
        members.put("copies", rule.copies());
        members.put(
                "places", rule.places().stream().map(TierReportCommand::members).toList());
        members.put("met", rule.isMet());
        members.put("missing", rule.missing());
        return members;
    }

    private static Map<String, Object> members(CopyRule.Place place) {
        var members = new LinkedHashMap<String, Object>();
        members.put("target", CopyLedger.shown(place.target()));
        members.put("media", place.where().media());
        members.put("site", place.where().isOffSite() ? place.where().site() : Answer.NONE);
        members.put("lockedUntil", place.locked().<Object>map(Object::toString).orElse(Answer.NONE));
        members.put("verified", place.isVerified());
        return members;
    }
}
