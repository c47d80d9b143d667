package org.medbackup.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives restore points up. */
@Command(
        name = "forget",
        description = "Gives restore points up by rules, each source for itself; gc frees their space.")
final class ForgetCommand extends GovernedCommand {

    @Option(names = "--keep-last", paramLabel = "N", description = "Keeps so many of the newest.")
    int last;

    @Option(names = "--keep-daily", paramLabel = "N", description = "Keeps the newest of each of so many days.")
    int daily;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "Keeps the newest of each of so many weeks.")
    int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N", description = "Keeps the newest of each of so many months.")
    int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N", description = "Keeps the newest of each of so many years.")
    int yearly;

    @Option(
            names = "--keep-within",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "Keeps all that are not older than the newest by more than this: 12h, 30d, 8w, 6m, 1y.")
    Duration within = Duration.ZERO;

    @Option(names = "--dry-run", description = "Only says what would be given up.")
    boolean dryRun;

    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "Gives up these instead, without rules.")
    List<String> snapshots = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        var rules = new RetentionRules(last, daily, weekly, monthly, yearly, within);
        ForgetResult result = product.forget(root().access(), rules, snapshots, dryRun);
        var answer = new Answer()
                .field("kept", result.kept())
                .field("removed", result.removed())
                .field(
                        "refused",
                        result.refused().stream().map(ForgetCommand::members).toList());
        result.removed().forEach(id -> answer.line((dryRun ? "would give up " : "gave up ") + id.substring(0, 8)));
        result.refused()
                .forEach(refused ->
                        answer.line("kept " + refused.id().substring(0, 8) + " all the same: " + refused.reason()));
        return answer.line(result.kept().size() + result.refused().size() + " restore points kept, "
                + result.removed().size() + (dryRun ? " would be given up" : " given up"));
    }

    private static Map<String, Object> members(ForgetResult.Refused refused) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", refused.id());
        members.put("reason", refused.reason());
        members.put("quarantined", refused.quarantined());
        return members;
    }
}
