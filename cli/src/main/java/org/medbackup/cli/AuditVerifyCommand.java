package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.Finding;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.AnchoredTrail;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves the audit trail. */
@Command(name = "verify", description = "Proves that nobody has changed the audit trail.")
final class AuditVerifyCommand extends ProductCommand {

    @Option(
            names = "--anchors",
            description = "Also compares what the repository and all targets keep, and checks time-stamps.")
    boolean anchors;

    /** A damaged trail is looked at and left as it is; that a whole one was proven is recorded in it. */
    @Override
    Answer answer() {
        if (anchors) {
            return anchored();
        }
        AuditVerification found = MedBackup.verifyAudit(root().stateFolder());
        return found.valid() ? super.answer() : answer(found);
    }

    private Answer anchored() {
        AnchoredTrail found = MedBackup.verifyAudit(root().stateFolder(), root().location(), root().configuration());
        Answer answer = answer(found.verification()).field("anchors", anchors(found.places()));
        found.places()
                .forEach(each -> answer.line(each.name() + ": "
                        + (each.failed() != null
                                ? "could not be asked, " + each.failed()
                                : each.heads().size() + " checkpoints kept, the largest of " + each.entries()
                                        + " entries")));
        return answer;
    }

    private static List<Map<String, Object>> anchors(List<AnchoredTrail.Place> places) {
        return places.stream()
                .map(place -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("target", place.name());
                    members.put("checkpoints", place.heads().size());
                    members.put("entries", place.entries());
                    if (place.failed() != null) {
                        members.put("code", place.failed());
                    }
                    return members;
                })
                .toList();
    }

    @Override
    Answer answer(MedBackup product) {
        return answer(product.verifyAudit());
    }

    private static Answer answer(AuditVerification verification) {
        var answer = new Answer()
                .field("entries", verification.entries())
                .field("checkpoints", verification.checkpoints())
                .field("valid", verification.valid())
                .field("findings", findings(verification.findings()))
                .line(verification.entries() + " entries, " + verification.checkpoints() + " signed checkpoints, "
                        + (verification.valid() ? "intact" : "NOT INTACT"));
        verification
                .findings()
                .forEach(finding -> answer.line(finding.code()
                        + (finding.entry() < 0 ? "" : " at entry " + finding.entry()) + ": " + finding.message()));
        return verification.valid()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.AUDIT_DAMAGED,
                        verification.findings().size() + " findings");
    }

    private static List<Map<String, Object>> findings(List<Finding> findings) {
        return findings.stream()
                .map(finding -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("code", finding.code());
                    members.put("entry", finding.entry());
                    members.put("message", finding.message());
                    return members;
                })
                .toList();
    }
}
