package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Applications. */
@Command(
        name = "app",
        description = "Checks, backs up and restores an application in a consistent state. APP is a name of the"
                + " configuration, or a URL such as"
                + " postgresql://postgres@127.0.0.1:5432/.",
        subcommands = {AppListCommand.class, AppCheckCommand.class, AppBackupCommand.class, AppRestoreCommand.class})
final class AppCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "app needs one of list, check, backup, restore");
    }
}
