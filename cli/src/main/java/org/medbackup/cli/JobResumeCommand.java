package org.medbackup.cli;

import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a paused job run again. */
@Command(name = "resume", description = "Lets a paused job run again.")
final class JobResumeCommand extends ProductCommand {

    @Parameters(paramLabel = "NAME", description = "A job of the configuration.")
    String job = "";

    @Override
    Answer answer(MedBackup product) {
        return JobAnswer.of(List.of(product.schedule().resume(job)));
    }
}
