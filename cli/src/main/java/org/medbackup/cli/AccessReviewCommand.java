package org.medbackup.cli;

import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.AccessOperations.SeenEmergency;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reviews an emergency. */
@Command(
        name = "review",
        description = "Says that an emergency of somebody else was looked at; --reason says with what result.")
final class AccessReviewCommand extends ProductCommand {

    @Parameters(paramLabel = "ID", description = "Of the emergency, or its beginning; `access show` lists them.")
    String id = "";

    @Override
    Answer answer(MedBackup product) {
        String finding = root().reason;
        if (finding == null || finding.isBlank()) {
            throw ErrorCode.USAGE.because("say what came of it: --reason TEXT, without patient data");
        }
        SeenEmergency seen = product.access().review(id, finding);
        return new Answer()
                .field("emergencies", List.of(AccessShowCommand.emergency(seen)))
                .line("emergency " + seen.id() + " of " + seen.person() + " is reviewed");
    }
}
