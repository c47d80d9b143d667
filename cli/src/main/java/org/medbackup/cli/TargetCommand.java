package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Storage targets. */
@Command(
        name = "target",
        description = "Storage targets.",
        subcommands = {TargetListCommand.class, TargetProbeCommand.class})
final class TargetCommand extends CommandGroup {}
