package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Applications. */
@Command(
        name = "app",
        description = "Checks, backs up and restores an application in a consistent state. APP is a name of the"
                + " configuration, or a URL such as"
                + " postgresql://postgres@127.0.0.1:5432/.",
        subcommands = {AppListCommand.class, AppCheckCommand.class, AppBackupCommand.class, AppRestoreCommand.class})
final class AppCommand extends CommandGroup {}
