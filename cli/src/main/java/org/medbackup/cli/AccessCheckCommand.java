package org.medbackup.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.CheckedDocument.Fault;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks rules. */
@Command(
        name = "check",
        description = "Says everything that is wrong with rules, with its line; puts nothing in force.")
final class AccessCheckCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The rules.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        List<Fault> faults = product.access().check(file);
        var answer = new Answer()
                .field(
                        "faults",
                        faults.stream()
                                .map(each -> Map.of("line", each.line(), "key", each.key(), "message", each.message()))
                                .toList());
        faults.forEach(each -> answer.line(each.text()));
        return faults.isEmpty()
                ? answer.line("nothing is wrong with it")
                : answer.ending(
                        ExitCode.USAGE,
                        ErrorCode.ACCESS_INVALID,
                        faults.size() + (faults.size() == 1 ? " thing is" : " things are") + " wrong with it");
    }
}
