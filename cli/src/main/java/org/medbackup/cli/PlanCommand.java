package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Plans of recovery. */
@Command(
        name = "plan",
        description = "Plans of recovery: what is brought back, in which order, and by when.",
        subcommands = {PlanCheckCommand.class})
final class PlanCommand extends CommandGroup {}
