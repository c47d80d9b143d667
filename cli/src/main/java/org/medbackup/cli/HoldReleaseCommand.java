package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Releases a legal hold. */
@Command(name = "release", description = "Releases a legal hold; its record stays. Needs the password.")
final class HoldReleaseCommand extends ProductCommand {

    @Option(
            names = "--because",
            required = true,
            paramLabel = "TEXT",
            description = "Why; stands sealed in the repository and nowhere else.")
    String reason = "";

    @Parameters(paramLabel = "HOLD", description = "Id of the hold, or its beginning.")
    String id = "";

    @Override
    Answer answer(MedBackup product) {
        return HoldsAnswer.released(product.holds().release(root().access(), id, reason));
    }
}
