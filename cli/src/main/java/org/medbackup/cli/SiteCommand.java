package org.medbackup.cli;

import picocli.CommandLine.Command;

/** What belongs to a site: its configuration, catalogue, audit trail and policies. */
@Command(
        name = "site",
        description = "The site itself, which each run backs up last: configuration, catalogue, audit trail, policies.",
        subcommands = {SiteRestoreCommand.class, SiteRecoveredCommand.class})
final class SiteCommand extends CommandGroup {}
