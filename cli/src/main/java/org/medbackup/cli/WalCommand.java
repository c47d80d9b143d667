package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Logs of applications. */
@Command(
        name = "wal",
        description = "Archives the log of an application without a gap. APP is a URL, such as"
                + " postgresql://postgres@127.0.0.1:5432/.",
        subcommands = {WalReceiveCommand.class, WalPushCommand.class, WalFetchCommand.class, WalCheckCommand.class})
final class WalCommand extends CommandGroup {}
