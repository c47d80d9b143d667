package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The configuration. */
@Command(
        name = "config",
        description = "Checks the configuration, and says where each value comes from.",
        subcommands = {ConfigCheckCommand.class, ConfigExplainCommand.class})
final class ConfigCommand extends CommandGroup {}
