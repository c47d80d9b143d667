package org.medbackup.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.report.ReportVerification;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a compliance report. */
@Command(
        name = "verify",
        description =
                "Checks a compliance report: its signature, its forms for people, and that the audit trail has each"
                        + " entry that it names. Needs no repository and not the host; writes nothing.")
final class ReportVerifyCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The JSON document; what belongs to it lies beside it.")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The public key of the audit trail (key.pub), had from elsewhere than the report; that of this"
                            + " host unless given.")
    @Nullable
    Path key;

    @Override
    Answer answer() {
        Path trusted = key != null ? key : root().stateFolder().resolve("audit").resolve("key.pub");
        return answer(MedBackup.verifyReport(file, trusted));
    }

    @Override
    Answer answer(MedBackup product) {
        return answer();
    }

    private static Answer answer(ReportVerification verification) {
        var answer = new Answer()
                .field("report", verification.report())
                .field("proofs", verification.proofs())
                .field("valid", verification.valid())
                .field(
                        "findings",
                        verification.findings().stream()
                                .map(each -> Map.<String, Object>of("code", each.code(), "message", each.message()))
                                .toList())
                .line(
                        verification.valid()
                                ? "intact: signed, and every entry proven (" + verification.proofs() + " proofs)"
                                : "NOT INTACT");
        verification.findings().forEach(each -> answer.line(each.code() + ": " + each.message()));
        return verification.valid()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.EVIDENCE_CHANGED,
                        verification.findings().size() + " findings");
    }
}
