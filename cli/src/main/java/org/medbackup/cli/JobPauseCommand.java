package org.medbackup.cli;

import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Begins no new run of a job until it is resumed; what runs goes on. */
@Command(name = "pause", description = "Begins no new run of a job until it is resumed; what runs goes on.")
final class JobPauseCommand extends ProductCommand {

    @Parameters(paramLabel = "NAME", description = "A job of the configuration.")
    String job = "";

    @Override
    Answer answer(MedBackup product) {
        return JobAnswer.of(List.of(product.schedule().pause(job)));
    }
}
