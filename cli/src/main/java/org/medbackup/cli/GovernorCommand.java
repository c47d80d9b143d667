package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Limits of what runs. */
@Command(
        name = "governor",
        description = "Shows and changes the limits of the commands that run on this state folder.",
        subcommands = {GovernorStatusCommand.class, GovernorSetCommand.class})
final class GovernorCommand extends CommandGroup {}
