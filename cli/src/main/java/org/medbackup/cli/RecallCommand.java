package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Cold storage. */
@Command(
        name = "recall",
        description = "What lies in cold storage.",
        subcommands = {RecallPlanCommand.class})
final class RecallCommand extends CommandGroup {}
