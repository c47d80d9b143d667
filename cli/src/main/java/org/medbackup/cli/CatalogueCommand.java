package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The catalogue. */
@Command(
        name = "catalogue",
        description = "Which restore points there are at all targets; answers without a password.",
        subcommands = {CatalogueListCommand.class, CatalogueRebuildCommand.class})
final class CatalogueCommand extends CommandGroup {}
