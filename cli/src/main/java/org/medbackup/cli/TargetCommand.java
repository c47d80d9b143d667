package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Storage targets. */
@Command(
        name = "target",
        description = "Storage targets.",
        subcommands = {TargetProbeCommand.class})
final class TargetCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "target needs probe");
    }
}
