package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists the schedule. */
@Command(
        name = "list",
        description = "Lists the jobs that run by themselves: when next, how the last run ended, their RPO.")
final class JobListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return JobAnswer.of(product.schedule().list());
    }
}
