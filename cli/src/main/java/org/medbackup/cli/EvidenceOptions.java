package org.medbackup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.recovery.evidence.CorrectiveAction;
import org.medbackup.recovery.evidence.RestorationProfile;
import org.medbackup.service.EvidenceRequest;
import picocli.CommandLine.Option;

/** What goes into the evidence of a drill beside the drill. */
final class EvidenceOptions {

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Writes the evidence there: drill-ID.json, .html, .pdf, and their signature, .sig.")
    @Nullable
    Path report;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "Holds the drill against a limit beside the plan's objectives, in the evidence: proposed-2025, the 72"
                            + " hours of the proposed HIPAA Security Rule.")
    @Nullable
    String profile;

    @Option(
            names = "--actions",
            paramLabel = "FILE",
            description = "Corrective actions for the evidence: a YAML list of {action, owner, due}.")
    @Nullable
    Path actions;

    /** What was asked for; to be read before the drill, so that what is wrong in it is told before. */
    EvidenceRequest request() {
        makeFolder();
        return new EvidenceRequest(profile(), actions());
    }

    /** A drill takes hours: that its evidence has no place is told before. */
    private void makeFolder() {
        if (report != null) {
            try {
                Files.createDirectories(report);
            } catch (IOException failed) {
                throw ErrorCode.TARGET_UNUSABLE.because("the folder of the report cannot be made", failed);
            }
        }
    }

    private Optional<RestorationProfile> profile() {
        if (profile == null) {
            return Optional.empty();
        }
        Optional<RestorationProfile> named = RestorationProfile.named(profile);
        if (named.isEmpty()) {
            throw ErrorCode.USAGE.because("no profile is called " + profile + "; there is proposed-2025");
        }
        return named;
    }

    private List<CorrectiveAction> actions() {
        if (actions == null) {
            return List.of();
        }
        try {
            return CorrectiveAction.parse(Files.readString(actions));
        } catch (IOException unreadable) {
            throw ErrorCode.USAGE
                    .because("the corrective actions cannot be read", unreadable)
                    .about(actions);
        }
    }
}
