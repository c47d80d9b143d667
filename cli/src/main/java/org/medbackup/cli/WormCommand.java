package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Retention locks. */
@Command(
        name = "worm",
        description = "Retention locks: what nobody can delete, whoever he is, and until when.",
        subcommands = {WormReportCommand.class, WormExtendCommand.class})
final class WormCommand extends CommandGroup {}
