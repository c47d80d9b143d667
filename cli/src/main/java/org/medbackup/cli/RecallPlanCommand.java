package org.medbackup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.PathBytes;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RecallPlan;
import org.medbackup.service.RestoreOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a restore needs from cold storage. */
@Command(
        name = "plan",
        description =
                "Says which packs of a restore point have to be brought back from cold storage before it is restored."
                        + " Asks for none of them.")
final class RecallPlanCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Option(names = "--include", paramLabel = "PATH", description = "Only this, with all below it.")
    List<String> includes = new ArrayList<>();

    @Override
    Answer answer(MedBackup product) {
        RecallPlan plan = product.recallPlan(
                root().access(),
                new RestoreOrder(
                        snapshot,
                        PathBytes.of("/"),
                        includes.stream().map(Paths::inside).toList(),
                        Path.of("/")));
        return new Answer()
                .field("snapshot", plan.snapshot())
                .field("readable", members(plan.readable()))
                .field("coming", members(plan.coming()))
                .field("cold", members(plan.cold()))
                .field("ready", plan.isReady())
                .line(line("can be read", plan.readable()))
                .line(line("are on their way", plan.coming()))
                .line(line("lie cold", plan.cold()))
                .line(plan.isReady() ? "a restore can begin at once" : "a restore needs --recall, and waits for them");
    }

    private static String line(String what, RecallPlan.Share share) {
        return share.packs() + " packs, " + ByteSizes.text(share.bytes()) + ", " + what;
    }

    private static Map<String, Object> members(RecallPlan.Share share) {
        var members = new LinkedHashMap<String, Object>();
        members.put("packs", share.packs());
        members.put("bytes", share.bytes());
        return members;
    }
}
