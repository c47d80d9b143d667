package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Incidents. */
@Command(
        name = "incident",
        description = "What waits for a person.",
        subcommands = {IncidentListCommand.class, IncidentAckCommand.class})
final class IncidentCommand extends CommandGroup {}
