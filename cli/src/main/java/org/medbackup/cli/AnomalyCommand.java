package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Signs of ransomware. */
@Command(
        name = "anomaly",
        description = "Restore points that show signs of ransomware, and clearing them.",
        subcommands = {AnomalyListCommand.class, AnomalyClearCommand.class})
final class AnomalyCommand extends CommandGroup {}
