package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Copies at other targets. */
@Command(
        name = "tier",
        description = "What lies at which targets, and what is still to be brought there.",
        subcommands = {TierReconcileCommand.class, TierReportCommand.class})
final class TierCommand extends CommandGroup {}
