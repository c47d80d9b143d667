package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.access.AccessRole;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Person;
import org.medbackup.service.AccessOperations.SeenEmergency;
import org.medbackup.service.AccessOperations.Shown;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Says which rules hold. */
@Command(name = "show", description = "Says which rules hold, who calls by them, and which emergencies there were.")
final class AccessShowCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        Shown shown = product.access().show();
        AccessRules rules = shown.rules();
        Person caller = shown.caller();
        var answer = new Answer()
                .field("version", rules == null ? 0 : rules.version())
                .field("digest", rules == null ? "" : rules.digest())
                .field("caller", caller == null ? "" : caller.name())
                .field(
                        "people",
                        rules == null
                                ? List.of()
                                : rules.people().stream()
                                        .map(AccessShowCommand::person)
                                        .toList())
                .field(
                        "emergencies",
                        shown.emergencies().stream()
                                .map(AccessShowCommand::emergency)
                                .toList());
        if (rules == null) {
            return answer.line(
                    "no rules of access are in force: everybody who can open the repository may do everything");
        }
        answer.line(
                "version " + rules.version() + ", quorum " + rules.approvals().quorum() + "; "
                        + (caller == null ? "whoever calls is not in them" : "you are " + caller.name()));
        rules.people().forEach(each -> answer.line("  " + each.name() + "  " + each.roleWords()));
        shown.emergencies()
                .forEach(each ->
                        answer.line("emergency " + each.id() + "  " + each.person() + ", " + each.action() + " at "
                                + each.time()
                                + (each.reviewer() == null
                                        ? ", to be reviewed until " + each.reviewBy()
                                        : ", reviewed by " + each.reviewer())));
        return answer;
    }

    private static Map<String, Object> person(Person person) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", person.name());
        members.put("service", person.isService());
        members.put(
                "roles", person.roles().stream().map(AccessRole::word).sorted().toList());
        return members;
    }

    /** An emergency as JSON has it. */
    static Map<String, Object> emergency(SeenEmergency seen) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", seen.id());
        members.put("person", seen.person());
        members.put("action", seen.action());
        members.put("time", seen.time().toString());
        members.put("reviewBy", seen.reviewBy().toString());
        members.put("reviewer", seen.reviewer() == null ? "" : seen.reviewer());
        return members;
    }
}
