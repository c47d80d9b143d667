package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says how restore points are locked. */
@Command(
        name = "report",
        description = "Asks the target for the lock of each object that restore points need, and changes nothing.")
final class WormReportCommand extends ProductCommand {

    @Parameters(
            paramLabel = "SNAPSHOT",
            arity = "0..*",
            description = "Id, its beginning, latest or latest@SOURCE (default: all).")
    List<String> snapshots = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        return LocksAnswer.of(product.locks().report(root().access(), snapshots));
    }
}
