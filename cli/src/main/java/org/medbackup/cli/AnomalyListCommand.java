package org.medbackup.cli;

import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists suspect restore points. */
@Command(
        name = "list",
        description = "Lists the restore points that show signs of ransomware; their sources are frozen.")
final class AnomalyListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        return AnomaliesAnswer.list(product.anomalies().list(root().access()));
    }
}
