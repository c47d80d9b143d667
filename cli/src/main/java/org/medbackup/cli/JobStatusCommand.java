package org.medbackup.cli;

import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one job, and why it does not begin now. */
@Command(name = "status", description = "Shows one job, and why it does not begin now.")
final class JobStatusCommand extends ProductCommand {

    @Parameters(paramLabel = "NAME", description = "A job of the configuration.")
    String job = "";

    @Override
    Answer answer(MedBackup product) {
        return JobAnswer.of(List.of(product.schedule().status(job)));
    }
}
