package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The policy. */
@Command(
        name = "policy",
        description = "Which data goes where, and who may change that.",
        subcommands = {
            PolicyCheckCommand.class,
            PolicyExplainCommand.class,
            PolicySimulateCommand.class,
            PolicySignCommand.class,
            PolicyActivateCommand.class
        })
final class PolicyCommand extends CommandGroup {}
