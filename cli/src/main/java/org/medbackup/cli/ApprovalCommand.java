package org.medbackup.cli;

import picocli.CommandLine.Command;

/** Approvals. */
@Command(
        name = "approval",
        description = "What nobody does alone: deletions, releases of holds, keys, weaker policies.",
        subcommands = {ApprovalRequestCommand.class, ApprovalApproveCommand.class, ApprovalListCommand.class})
final class ApprovalCommand extends CommandGroup {}
