package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.governor.Limits;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Other limits for what runs. */
@Command(
        name = "set",
        description = "Gives all commands that run on this state folder other limits; each holds within two seconds."
                + " none takes a limit away, pause stops.")
final class GovernorSetCommand extends ProductCommand {

    @Parameters(arity = "1..*", paramLabel = "RESOURCE=LIMIT", description = "Such as disk.read=40MB/s or cpu=0.5.")
    List<String> limits = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        return GovernorAnswer.of(product.running().set(Limits.parse(limits)));
    }
}
