package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Rules of access. */
@Command(
        name = "access",
        description = "Who may do what: rules that name persons with their keys and roles, signed by several.",
        subcommands = {
            AccessShowCommand.class,
            AccessCheckCommand.class,
            AccessKeyCommand.class,
            AccessSignCommand.class,
            AccessActivateCommand.class,
            AccessReviewCommand.class
        })
final class AccessCommand extends CommandGroup {}
