package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists requests. */
@Command(name = "list", description = "Lists what was requested, the newest first, and how far it is.")
final class ApprovalListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return ApprovalsAnswer.list(product.access().approvals());
    }
}
