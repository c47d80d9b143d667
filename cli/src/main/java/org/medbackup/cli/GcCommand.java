package org.medbackup.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Frees space. */
@Command(
        name = "gc",
        description = "Frees the space of what no restore point needs; backups and restores may run meanwhile.")
final class GcCommand extends LimitedCommand {

    @Option(names = "--dry-run", description = "Only says what would be freed.")
    boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "Waits so long for backups that are running (default: not at all; the next call goes on).")
    Duration patience = Duration.ZERO;

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        CollectRequest usual = CollectRequest.usual().waiting(patience);
        CollectResult result = product.collect(root().access(), dryRun ? usual.dry() : usual);
        var packs = new LinkedHashMap<String, Object>();
        packs.put("kept", result.packs().kept());
        packs.put("rewritten", result.packs().rewritten());
        packs.put("deleted", result.packs().deleted());
        packs.put("locked", result.packs().locked());
        packs.put("pending", result.pending());
        var bytes = new LinkedHashMap<String, Object>();
        bytes.put("before", result.bytes().before());
        bytes.put("after", result.bytes().after());
        var answer = new Answer()
                .field("packs", packs)
                .field("bytes", bytes)
                .field(
                        "damaged",
                        result.damaged().stream().map(VerifyCommand::members).toList())
                .field("seconds", BackupAnswer.seconds(result.took()));
        answer.line((dryRun ? "would delete " : "deleted ") + result.packs().deleted() + " packs, "
                + (dryRun ? "write anew " : "wrote anew ") + result.packs().rewritten() + ", "
                + result.packs().kept() + " stay");
        answer.line(ByteSizes.text(result.bytes().before()) + " before, "
                + ByteSizes.text(result.bytes().after()) + " after");
        if (result.pending() > 0) {
            answer.line(result.pending() + " packs wait for " + result.awaited().size()
                    + " backups that are running; the next gc deletes them");
        }
        result.damaged().forEach(damage -> VerifyCommand.tell(damage, answer));
        return result.isWhole()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.OBJECT_DAMAGED,
                        result.damaged().size()
                                + " objects are damaged or missing; nothing was deleted because of them");
    }
}
