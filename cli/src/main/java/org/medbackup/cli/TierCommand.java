package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Copies at other targets. */
@Command(
        name = "tier",
        description = "What is still to be brought to other targets.",
        subcommands = {TierReconcileCommand.class})
final class TierCommand extends CommandGroup {}
