package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Drills of recovery. */
@Command(
        name = "drill",
        description = "Drills: a recovery is rehearsed, and its time measured.",
        subcommands = {DrillRunCommand.class, DrillStatusCommand.class, DrillVerifyCommand.class})
final class DrillCommand extends CommandGroup {}
