package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.service.MedBackup;
import org.medbackup.service.TargetEntry;
import picocli.CommandLine.Command;

/** Lists the storage targets of the configuration. */
@Command(
        name = "list",
        description = "The storage targets of the configuration, and what lies at each. Asks none of them.")
final class TargetListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        List<TargetEntry> targets = product.targets();
        var answer = new Answer()
                .field(
                        "targets",
                        targets.stream().map(TargetListCommand::members).toList());
        if (targets.isEmpty()) {
            answer.line("the configuration has no targets");
        }
        targets.forEach(each -> answer.line(each.name() + "  " + each.location() + said("tiers", each.tiers())
                + said("copies of", each.copies()) + said("spill of", each.spills())));
        return answer;
    }

    private static String said(String what, List<String> names) {
        return names.isEmpty() ? "" : "  " + what + " " + String.join(", ", names);
    }

    private static Map<String, Object> members(TargetEntry each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", each.name());
        members.put("location", each.location());
        members.put("tiers", each.tiers());
        members.put("copies", each.copies());
        members.put("spills", each.spills());
        return members;
    }
}
