package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.medbackup.service.AccessOperations.Activated;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts rules in force. */
@Command(
        name = "activate",
        description =
                "Puts rules in force on this host and at the repository: signed by as many approvers as those in force"
                        + " demand, the first by as many of their own.")
final class AccessActivateCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The rules; their signatures lie in FILE.sig.")
    Path file = Path.of("");

    @Option(names = "--here-only", description = "On this host alone, where there is no repository yet.")
    boolean here;

    @Override
    Answer answer(MedBackup product) {
        Activated activated = product.access().activate(file, here ? null : root().access());
        var absent = new LinkedHashMap<String, Object>();
        activated.absent().forEach((target, code) -> absent.put(target, code.name()));
        var answer = new Answer()
                .field("version", activated.rules().version())
                .field("digest", activated.rules().digest())
                .field("signers", activated.signers())
                .field("absent", absent)
                .line("version " + activated.rules().version() + " is in force, signed by "
                        + String.join(", ", activated.signers()));
        absent.forEach((target, code) -> answer.line(
                "target " + target + " does not know of it yet (" + code + "); the next copy brings it along"));
        return answer;
    }
}
