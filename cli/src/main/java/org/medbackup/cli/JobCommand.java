package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The schedule. */
@Command(
        name = "job",
        description = "The schedule as it stands, on all workers of its state.",
        subcommands = {
            JobListCommand.class,
            JobStatusCommand.class,
            JobPauseCommand.class,
            JobResumeCommand.class,
            JobCancelCommand.class
        })
final class JobCommand extends CommandGroup {}
