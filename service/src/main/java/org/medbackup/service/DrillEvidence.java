package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.medbackup.audit.AuditTrail;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.recovery.evidence.DrillPage;
import org.medbackup.recovery.plan.RecoveryPlan;
import org.medbackup.service.Operations.Ending;

/**
 * The evidence of drills: a JSON document with the proofs of the audit trail, the same as HTML and as PDF, and the trail's
 * signature over all three. Safe for use by several threads.
 */
public final class DrillEvidence {

    private static final Path MEMORY = Path.of("/proc/meminfo");

    private final Settings settings;
    private final Operations operations;
    private final AuditTrail audit;
    private final DrillBook book;

    DrillEvidence(Settings settings, Operations operations, AuditTrail audit, DrillBook book) {
        this.book = book;
        this.settings = settings;
        this.operations = operations;
        this.audit = audit;
    }

    /**
     * Writes it. The signature comes last: files without one are not whole.
     *
     * @param result of the drill
     * @param plan file of the plan that it carried out; where it is another by now, what only it says is left out
     * @param folder in which the files {@code drill-ID.json}, {@code .html}, {@code .pdf} and {@code .sig} are made
     * @return the JSON document
     * @throws org.medbackup.core.error.BackupException with {@code TARGET_UNUSABLE}
     */
    public Path write(DrillResult result, Path plan, Path folder, EvidenceRequest request) {
        return operations
                .run(
                        "drill-evidence",
                        Facts.of("drill", result.id()),
                        log -> written(result, plan, folder, request),
                        written -> Ending.success(Facts.of("drill", result.id()).and("sha256", written.sha256())))
                .json();
    }

    private record Written(Path json, String sha256) {}

    private Written written(DrillResult result, Path plan, Path folder, EvidenceRequest request) {
        Map<String, Object> environment = HostFingerprint.of(settings.tool(), MEMORY);
        environment.put("host", audit.tokenOf(settings.actor().host()));
        Members document = new DrillDocument(result, plan(plan))
                .document(
                        request,
                        book.drills().stream()
                                .filter(each -> each.began().isBefore(result.began()))
                                .toList(),
                        settings.actor(),
                        environment,
                        DrillProofs.of(audit, result.id(), result.prediction().seed()));
        var files = new EvidenceFiles(folder, "drill-" + result.id());
        Map<String, byte[]> contents = new LinkedHashMap<>();
        byte[] json = Json.canonical(document).getBytes(StandardCharsets.UTF_8);
        // Each as soon as it is made: what was measured must not be lost where a page cannot be.
        contents.put("json", files.write("json", json));
        contents.put("html", files.write("html", DrillPage.html(document).getBytes(StandardCharsets.UTF_8)));
        contents.put("pdf", files.write("pdf", DrillPage.pdf(document)));
        files.write("sig", audit.sign(files.statement(contents)).getBytes(StandardCharsets.UTF_8));
        return new Written(files.file("json"), EvidenceFiles.sha256(json));
    }

    private static Optional<RecoveryPlan> plan(Path file) {
        try {
            return Optional.of(RecoveryPlan.parse(Files.readString(file)));
        } catch (IOException | BackupException other) {
            return Optional.empty();
        }
    }
}
