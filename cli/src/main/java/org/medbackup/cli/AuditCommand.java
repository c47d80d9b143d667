package org.medbackup.cli;

import picocli.CommandLine.Command;

/** The audit trail. */
@Command(
        name = "audit",
        description = "The audit trail of this host.",
        subcommands = {AuditVerifyCommand.class, AuditExportCommand.class, AuditProveCommand.class})
final class AuditCommand extends CommandGroup {}
