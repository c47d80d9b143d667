package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.service.ApplicationCheck;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whether an application is ready to be backed up. */
@Command(name = "check", description = "Says whether an application can be backed up consistently, and what mends it.")
final class AppCheckCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "APP", description = "A name of the configuration, or an address.")
    String application = "";

    @Override
    Answer answer(MedBackup product) {
        ApplicationCheck check = product.applications().check(application);
        var answer = new Answer()
                .field("checks", members(check.checks()))
                .field("application", check.address())
                .field("version", check.discovery().version())
                .line(check.address() + ", version " + check.discovery().version());
        lines(check.checks(), answer);
        return check.isReady()
                ? answer
                : answer.ending(
                        ExitCode.OBJECTIVE_MISSED,
                        ErrorCode.APPLICATION_NOT_READY,
                        check.checks().stream().filter(each -> !each.ok()).count() + " preconditions are not met");
    }

    static List<Map<String, Object>> members(List<Readiness> checks) {
        return checks.stream()
                .map(check -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("name", check.name());
                    members.put("ok", check.ok());
                    members.put("message", check.message());
                    members.put("remedy", check.remedy());
                    return members;
                })
                .toList();
    }

    static void lines(List<Readiness> checks, Answer answer) {
        for (Readiness check : checks) {
            answer.line((check.ok() ? "ok    " : "WRONG ") + check.name() + ": " + check.message());
            if (!check.ok()) {
                answer.line("      " + check.remedy());
            }
        }
    }
}
