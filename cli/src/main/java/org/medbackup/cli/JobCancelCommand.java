package org.medbackup.cli;

import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks for the end of the run that a job has open. */
@Command(name = "cancel", description = "Asks for the end of the run that a job has open.")
final class JobCancelCommand extends ProductCommand {

    @Parameters(paramLabel = "NAME", description = "A job of the configuration.")
    String job = "";

    @Override
    Answer answer(MedBackup product) {
        return JobAnswer.of(List.of(product.schedule().cancel(job)));
    }
}
