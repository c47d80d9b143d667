package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Keys. */
@Command(
        name = "key",
        description = "The keys of a repository: who holds which, new ones, and recovery.",
        subcommands = {
            KeyListCommand.class,
            KeyAddRecipientCommand.class,
            KeyAddDomainCommand.class,
            KeyRevokeCommand.class,
            KeyRotateCommand.class,
            KeyExportRecoveryCommand.class,
            KeyCombineRecoveryCommand.class
        })
final class KeyCommand extends CommandGroup {}
