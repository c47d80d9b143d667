package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.service.LogOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Names what is missing in a log. */
@Command(
        name = "check",
        description = "Names what is missing in the archived log of APP; ends with 5 where something is.")
final class WalCheckCommand extends GovernedCommand {

    @Parameters(
            index = "0",
            paramLabel = "APP",
            description = "The address that was archived; nothing needs to run there.")
    String application = "";

    @Override
    Answer answer(MedBackup product) {
        LogOperations.Check check = product.logs().check(root().access(), application);
        List<Map<String, Object>> gaps =
                check.gaps().stream().map(WalCheckCommand::members).toList();
        var answer = new Answer()
                .field("gaps", gaps)
                .field("files", check.files())
                .field("bytes", check.bytes())
                .line(check.files() + " files, " + ByteSizes.text(check.bytes()));
        for (Gap gap : check.gaps()) {
            String range = gap.from().equals(gap.to()) ? gap.from() : gap.from() + " to " + gap.to();
            answer.line("MISSING " + range + ": " + gap.why());
        }
        return check.gaps().isEmpty()
                ? answer.line("no gap")
                : answer.ending(
                        ExitCode.DAMAGE, ErrorCode.LOG_INCOMPLETE, check.gaps().size() + " gaps were found");
    }

    private static Map<String, Object> members(Gap gap) {
        var members = new LinkedHashMap<String, Object>();
        members.put("from", gap.from());
        members.put("to", gap.to());
        members.put("why", gap.why());
        return members;
    }
}
