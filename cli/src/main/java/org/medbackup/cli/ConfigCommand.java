package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The configuration. */
@Command(
        name = "config",
        description = "Checks the configuration, and says where each value comes from.",
        subcommands = {ConfigCheckCommand.class, ConfigExplainCommand.class})
final class ConfigCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "config needs one of check, explain");
    }
}
