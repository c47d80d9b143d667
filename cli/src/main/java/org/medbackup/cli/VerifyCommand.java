package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proves that restore points can be restored. */
@Command(name = "verify", description = "Proves that restore points can be restored.")
final class VerifyCommand extends LimitedCommand {

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "presence, structure, ciphertext, content or restore (default: structure).")
    String level = "structure";

    @Option(names = "--sample", paramLabel = "PERCENT", description = "Reads only so many per cent of the packs.")
    double sample = 100;

    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "Restore points to look at (default: all).")
    List<String> snapshots = new ArrayList<>();

    private VerifyLevel level() {
        for (VerifyLevel each : VerifyLevel.values()) {
            if (word(each).equals(level)) {
                return each;
            }
        }
        throw ErrorCode.USAGE.because(
                "there is no level " + level + "; there are presence, structure, ciphertext, content and restore");
    }

    private static String word(VerifyLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        VerifyResult result = product.verify(root().access(), level(), sample, snapshots);
        var answer = new Answer()
                .field("level", word(result.level()))
                .field("packs", result.packs())
                .field("chunks", result.chunks())
                .field("bytes", result.bytes())
                .field("cold", result.cold())
                .field(
                        "damaged",
                        result.damaged().stream().map(VerifyCommand::members).toList())
                .field("seconds", BackupAnswer.seconds(result.took()))
                .field("snapshots", result.snapshots());
        result.damaged().forEach(damage -> tell(damage, answer));
        answer.line(String.format(
                Locale.ROOT,
                "%s: %d packs, %d chunks, %s read, %d restore points whole, in %.2f s",
                word(result.level()),
                result.packs(),
                result.chunks(),
                ByteSizes.text(result.bytes()),
                result.snapshots().size(),
                BackupAnswer.seconds(result.took())));
        if (result.cold() > 0) {
            answer.line(result.cold() + " packs lie in cold storage and were not read");
        }
        return result.isWhole()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.OBJECT_DAMAGED,
                        result.damaged().size() + " objects are damaged or missing");
    }

    static void tell(VerifyResult.Damage damage, Answer answer) {
        answer.line("damaged: " + damage.object() + ": " + damage.message());
        if (damage.snapshots().isEmpty()) {
            answer.line("  costs nothing: what it holds is stored twice or can be made again");
        } else {
            damage.snapshots().forEach(id -> answer.line("  restore point " + id.substring(0, 8)));
            damage.paths().forEach(path -> answer.line("  " + path));
        }
    }

    static Map<String, Object> members(VerifyResult.Damage damage) {
        var members = new LinkedHashMap<String, Object>();
        members.put("object", damage.object());
        members.put("snapshots", damage.snapshots());
        members.put("paths", damage.paths());
        members.put("code", damage.code());
        members.put("message", damage.message());
        return members;
    }
}
