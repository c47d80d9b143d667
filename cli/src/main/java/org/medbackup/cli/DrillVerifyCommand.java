package org.medbackup.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.DrillVerification;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the evidence of a drill. */
@Command(
        name = "verify",
        description =
                "Checks the evidence of a drill: its signature, its pages, and that the audit trail proves the prediction"
                        + " to be older than the drill. Needs no repository and not the host; writes nothing.")
final class DrillVerifyCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The JSON document; what belongs to it lies beside it.")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The public key of the audit trail (key.pub), had from elsewhere than the evidence; that of this"
                            + " host unless given.")
    @Nullable
    Path key;

    @Override
    Answer answer() {
        Path trusted = key != null ? key : root().stateFolder().resolve("audit").resolve("key.pub");
        return answer(MedBackup.verifyDrill(file, trusted));
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }

    private static Answer answer(DrillVerification verification) {
        var answer = new Answer()
                .field("drill", verification.drill())
                .field("entries", verification.entries())
                .field("valid", verification.valid())
                .field("findings", findings(verification.findings()))
                .line(
                        verification.valid()
                                ? "intact: signed, and predicted before it was begun (" + verification.entries()
                                        + " proven entries)"
                                : "NOT INTACT");
        verification.findings().forEach(each -> answer.line(each.code() + ": " + each.message()));
        return verification.valid()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.EVIDENCE_CHANGED,
                        verification.findings().size() + " findings");
    }

    private static List<Map<String, Object>> findings(List<DrillVerification.Finding> findings) {
        return findings.stream()
                .map(each -> Map.<String, Object>of("code", each.code(), "message", each.message()))
                .toList();
    }
}
