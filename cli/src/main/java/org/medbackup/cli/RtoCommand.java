package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Recovery times. */
@Command(
        name = "rto",
        description = "How long a recovery will take.",
        subcommands = {RtoPredictCommand.class})
final class RtoCommand extends CommandGroup {}
