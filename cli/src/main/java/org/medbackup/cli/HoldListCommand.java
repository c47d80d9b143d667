package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists legal holds. */
@Command(name = "list", description = "Lists the legal holds that stand.")
final class HoldListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return HoldsAnswer.list(product.holds().list(root().access()));
    }
}
