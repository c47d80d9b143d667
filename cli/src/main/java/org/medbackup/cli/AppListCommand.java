package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.service.ApplicationOperations.Listed;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** The applications of the configuration. */
@Command(name = "list", description = "Lists the applications of the configuration.")
final class AppListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        var found = product.applications().list();
        var answer = new Answer()
                .field(
                        "applications",
                        found.stream().map(AppListCommand::members).toList());
        found.forEach(each -> answer.line(each.name() + "  " + each.address()
                + (each.groups().isEmpty() ? "" : "  in " + String.join(", ", each.groups()))));
        return found.isEmpty() ? answer.line("no application is configured") : answer;
    }

    private static Map<String, Object> members(Listed listed) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", listed.name());
        members.put("kind", listed.kind());
        members.put("address", listed.address());
        members.put("groups", listed.groups());
        return members;
    }
}
