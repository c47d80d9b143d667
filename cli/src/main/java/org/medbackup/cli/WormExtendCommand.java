package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes locks last. */
@Command(
        name = "extend",
        description = "Makes the locks of what restore points need last as the policy in force demands. Jobs do it by"
                + " themselves, but for those with a writer's key.")
final class WormExtendCommand extends ProductCommand {

    @Parameters(
            paramLabel = "SNAPSHOT",
            arity = "0..*",
            description = "Id, its beginning, latest or latest@SOURCE (default: all).")
    List<String> snapshots = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        return LocksAnswer.of(product.locks().extend(root().access(), snapshots));
    }
}
