package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Logs of applications. */
@Command(
        name = "wal",
        description = "Archives the log of an application without a gap. APP is a URL, such as"
                + " postgresql://postgres@127.0.0.1:5432/.",
        subcommands = {WalReceiveCommand.class, WalPushCommand.class, WalFetchCommand.class, WalCheckCommand.class})
final class WalCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "wal needs one of receive, push, fetch, check");
    }
}
