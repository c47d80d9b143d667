package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Legal holds. */
@Command(
        name = "hold",
        description = "Legal holds: what nobody gives up as long as a matter is open, whatever any rule says.",
        subcommands = {HoldPlaceCommand.class, HoldReleaseCommand.class, HoldListCommand.class})
final class HoldCommand extends CommandGroup {}
