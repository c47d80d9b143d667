package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.PolicyConflict;
import org.medbackup.policy.PolicyFault;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PolicyReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Everything that is wrong with a policy. */
@Command(
        name = "check",
        description =
                "Names everything that is wrong with a policy: faults, rules that do not go together, its own tests"
                        + " that fail.")
final class PolicyCheckCommand extends ProductCommand {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The policy; without it the one in force.")
    @Nullable
    Path file;

    @Override
    Answer answer(MedBackup product) {
        PolicyReports.Checked checked = product.policy().check(file);
        var answer = new Answer()
                .field("file", file == null ? null : file.toString())
                .field(
                        "conflicts",
                        Stream.concat(
                                        checked.faults().stream().map(PolicyCheckCommand::fault),
                                        checked.conflicts().stream().map(PolicyCheckCommand::conflict))
                                .toList());
        checked.faults().forEach(each -> answer.line(each.text()));
        checked.conflicts().forEach(each -> answer.line(each.kind() + ": " + each.message()));
        if (checked.isSound()) {
            return answer.line(
                    file == null ? "the policy in force goes together" : "the policy goes together and can be signed");
        }
        return checked.faults().isEmpty()
                ? answer.ending(
                        ExitCode.USAGE,
                        ErrorCode.POLICY_CONFLICTS,
                        ErrorCode.POLICY_CONFLICTS.title() + ": "
                                + checked.conflicts().size() + " were found")
                : answer.ending(
                        ExitCode.USAGE,
                        ErrorCode.POLICY_INVALID,
                        ErrorCode.POLICY_INVALID.title() + ": "
                                + checked.faults().size() + " faults were found");
    }

    private static Map<String, Object> fault(PolicyFault fault) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", "FAULT");
        members.put("rules", List.of());
        members.put("reason", fault.text());
        members.put("line", fault.line());
        members.put("key", fault.key());
        return members;
    }

    private static Map<String, Object> conflict(PolicyConflict conflict) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", conflict.kind());
        members.put("rules", conflict.rules());
        members.put("reason", conflict.message());
        return members;
    }
}
