package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Limits of what runs. */
@Command(
        name = "governor",
        description = "Shows and changes the limits of the commands that run on this state folder.",
        subcommands = {GovernorStatusCommand.class, GovernorSetCommand.class})
final class GovernorCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "governor needs one of status, set");
    }
}
