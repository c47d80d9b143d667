package org.medbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RecallOrder;
import org.medbackup.service.RecallPlan;
import org.medbackup.service.RestoreOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a restore needs from cold storage. */
@Command(
        name = "plan",
        description =
                "Says which packs of a restore point have to be brought back from cold storage before it is restored, how"
                        + " long that takes and what it costs. Asks for none of them.")
final class RecallPlanCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Option(names = "--include", paramLabel = "PATH", description = "Only this, with all below it.")
    List<String> includes = new ArrayList<>();

    @Mixin
    RecallOptions recall = new RecallOptions();

    @Override
    Answer answer(MedBackup product) {
        RecallOrder order = recall.order();
        RecallPlan plan = product.recallPlan(
                root().access(),
                new RestoreOrder(
                                snapshot,
                                PathBytes.of("/"),
                                includes.stream().map(Paths::inside).toList(),
                                Path.of("/"))
                        .recalling(order));
        var answer = new Answer();
        RecallAnswer.fields(plan).forEach(answer::field);
        return RecallAnswer.with(answer, plan, order);
    }
}
