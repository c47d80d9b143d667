package org.medbackup.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.RestorePlan;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RecallOrder;
import org.medbackup.service.RecallPlan;
import org.medbackup.service.RestoreOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores files. */
@Command(
        name = "restore",
        description = "Restores each backed-up path under its full path below DIR. SNAPSHOT:/PATH puts the content of"
                + " that folder straight into DIR. Leaves what is there alone unless it is told to go over it.")
final class RestoreCommand extends LimitedCommand {

    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT[:/PATH]",
            description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Option(
            names = "--target",
            paramLabel = "DIR",
            required = true,
            description = "Where to; made where it is not there.")
    Path target = Path.of(".");

    @Option(names = "--include", paramLabel = "PATH", description = "Only this, with all below it.")
    List<String> includes = new ArrayList<>();

    @Option(
            names = "--in-place",
            description = "Makes what is there what the restore point says, and fetches only what differs. What the"
                    + " restore point does not have is left alone.")
    boolean inPlace;

    @Option(names = "--resume", description = "Goes on with a restore of the same restore point that ended early.")
    boolean resume;

    @Mixin
    RecallOptions recall = new RecallOptions();

    @Option(
            names = "--recall-wait",
            paramLabel = "SPAN",
            description = "For how long it is waited for, such as 3d (default), at most.",
            converter = Spans.class)
    @Nullable
    Duration recallWait;

    @Option(names = "--dry-run", description = "Says what would be done.")
    boolean dryRun;

    private RestoreOrder order() {
        int colon = snapshot.lastIndexOf(":/");
        String id = colon < 0 ? snapshot : snapshot.substring(0, colon);
        PathBytes base = PathBytes.of(colon < 0 ? "/" : snapshot.substring(colon + 1));
        var order = new RestoreOrder(
                id,
                base,
                includes.stream().map(Paths::inside).toList(),
                target.toAbsolutePath().normalize(),
                existing());
        if (!recall.areGiven()) {
            return order;
        }
        RecallOrder how = recall.order();
        return order.recalling(recallWait == null ? how : how.waiting(recallWait));
    }

    /** A restore over what is there goes on with what it had begun in any case. */
    private Existing existing() {
        if (inPlace) {
            return Existing.REPLACED;
        }
        return resume ? Existing.RESUMED : Existing.LEFT;
    }

    @Override
    Answer answer(MedBackup product) {
        if (!dryRun) {
            return RestoreAnswer.of(product.restore(root().access(), order()));
        }
        RestoreOrder order = order();
        RestorePlan plan = product.plan(root().access(), order);
        var bytes = new LinkedHashMap<String, Object>();
        bytes.put("written", plan.bytes());
        bytes.put("fetched", plan.fetched());
        bytes.put("reused", 0);
        var answer = new Answer()
                .field("files", plan.files())
                .field("bytes", bytes)
                .field("seconds", 0)
                .field("failures", List.of())
                .field("packs", plan.packs())
                .field("requests", plan.requests())
                .line("would restore " + plan.files() + " files, " + ByteSizes.text(plan.bytes()) + ", from "
                        + plan.packs() + " packs by " + plan.requests() + " requests");
        RecallOrder how = order.recall();
        if (how == null) {
            return answer;
        }
        RecallPlan cold = product.recallPlan(root().access(), order);
        return RecallAnswer.with(answer.field("recall", RecallAnswer.fields(cold)), cold, how);
    }
}
