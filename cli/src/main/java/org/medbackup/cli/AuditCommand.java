package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The audit trail. */
@Command(
        name = "audit",
        description = "The audit trail of this host.",
        subcommands = {AuditExportCommand.class, AuditVerifyCommand.class})
final class AuditCommand extends CommandGroup {}
