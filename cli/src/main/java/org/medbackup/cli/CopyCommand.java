package org.medbackup.cli;

import java.util.LinkedHashMap;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.CopyResult;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a second copy of a restore point. */
@Command(name = "copy", description = "Copies a restore point to another target, without keys to data.")
final class CopyCommand extends LimitedCommand {

    @Parameters(paramLabel = "SNAPSHOT", description = "An id, the beginning of one, latest, or latest@SOURCE.")
    String snapshot = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "TARGET",
            description = "Location of an empty target, or of one that was copied to before.")
    String target = "";

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        CopyResult result = product.copy(root().access(), snapshot, target);
        var packs = new LinkedHashMap<String, Object>();
        packs.put("copied", result.packs().copied());
        packs.put("present", result.packs().present());
        var answer = new Answer()
                .field("snapshot", result.snapshot())
                .field("packs", packs)
                .field("bytes", result.bytes())
                .field("committed", result.committed())
                .field(
                        "damaged",
                        result.damaged().stream().map(VerifyCommand::members).toList())
                .field("seconds", BackupAnswer.seconds(result.took()));
        result.damaged().forEach(damage -> VerifyCommand.tell(damage, answer));
        answer.line((result.committed() ? "copied restore point " : "did not copy restore point ")
                + result.snapshot().substring(0, 8) + ": " + result.packs().copied() + " packs copied, "
                + result.packs().present() + " present, " + ByteSizes.text(result.bytes()));
        return result.isWhole()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.OBJECT_DAMAGED,
                        result.damaged().size() + " objects are damaged or missing"
                                + (result.committed() ? "; what they hold was copied from elsewhere" : ""));
    }
}
