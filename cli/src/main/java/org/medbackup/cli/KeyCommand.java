package org.medbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keys. */
@Command(
        name = "key",
        description = "The keys of a repository: who holds which, new ones, and recovery.",
        subcommands = {
            KeyListCommand.class,
            KeyAddRecipientCommand.class,
            KeyRevokeCommand.class,
            KeyRotateCommand.class,
            KeyExportRecoveryCommand.class,
            KeyCombineRecoveryCommand.class
        })
final class KeyCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command is called
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "key needs one of list, add-recipient, revoke, rotate, export-recovery, combine-recovery");
    }
}
