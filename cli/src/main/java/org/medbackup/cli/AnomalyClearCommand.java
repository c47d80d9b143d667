package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Clears a suspect restore point. */
@Command(
        name = "clear",
        description = "Clears a suspect restore point: you have looked and vouch for it. Needs the password.")
final class AnomalyClearCommand extends ProductCommand {

    @Option(
            names = "--because",
            required = true,
            paramLabel = "TEXT",
            description = "Why; stands sealed in the repository and nowhere else.")
    String reason = "";

    @Parameters(paramLabel = "SNAPSHOT", description = "Id of the restore point, or its beginning.")
    String id = "";

    @Override
    Answer answer(MedBackup product) {
        return AnomaliesAnswer.cleared(product.anomalies().clear(root().access(), id, reason));
    }
}
