package org.medbackup.audit.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.report.ReportVerification.Code;
import org.medbackup.audit.report.ReportVerification.Finding;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** Checks a report with the public key of the trail alone, without the host that made it and without writing. For one thread. */
public final class ReportCheck {

    private final TrailKey key;
    private final List<Finding> findings = new ArrayList<>();

    private ReportCheck(TrailKey key) {
        this.key = key;
    }

    /**
     * Checks it.
     *
     * @param file the JSON document; what belongs to it lies beside it
     * @param key file with the public key of the trail ({@code key.pub})
     * @throws org.medbackup.core.error.UsageException where one of the two cannot be read
     */
    public static ReportVerification of(Path file, Path key) {
        byte[] json = beside(file)
                .orElseThrow(
                        () -> ErrorCode.USAGE.because("the file does not exist").about(file));
        byte[] trusted = beside(key)
                .orElseThrow(
                        () -> ErrorCode.USAGE.because("the file does not exist").about(key));
        TrailKey trail = TrailKey.parse(new String(trusted, StandardCharsets.ISO_8859_1))
                .orElseThrow(() -> ErrorCode.USAGE
                        .because("the file is no public key of an audit trail")
                        .about(key));
        return new ReportCheck(trail).check(new ReportFiles(file.resolveSibling("")), json);
    }

    private static Optional<byte[]> beside(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw ErrorCode.USAGE.because("the file cannot be read", unreadable).about(file);
        }
    }

    private void found(Code code, String message) {
        findings.add(new Finding(code, message));
    }

    private ReportVerification check(ReportFiles files, byte[] json) {
        signature(files, json);
        try {
            Members document = Json.parseMembers(new String(json, StandardCharsets.UTF_8));
            if (!JsonSchema.parse(ReportDocument.schema()).check(document).isEmpty()) {
                found(Code.CHANGED_DOCUMENT, "the file is no document of a report");
                return new ReportVerification("", 0, findings);
            }
            long proofs = proofs(files, document);
            return new ReportVerification(document.text("reportId"), proofs, findings);
        } catch (JsonException malformed) {
            found(Code.CHANGED_DOCUMENT, "the file is no document of a report");
            return new ReportVerification("", 0, findings);
        }
    }

    private void signature(ReportFiles files, byte[] json) {
        Optional<byte[]> note = beside(files.file("sig"));
        if (note.isEmpty()) {
            found(Code.MISSING_SIGNATURE, "there is no file " + ReportFiles.name("sig") + " beside it");
            return;
        }
        Map<String, String> sums = key.statement(new String(note.get(), StandardCharsets.UTF_8))
                .map(ReportFiles::sums)
                .orElse(Map.of());
        if (sums.isEmpty()) {
            found(Code.BAD_SIGNATURE, "the given key has not signed what " + ReportFiles.name("sig") + " says");
            return;
        }
        for (String ending : ReportFiles.SIGNED) {
            String name = ReportFiles.name(ending);
            boolean document = ending.equals("json");
            Optional<byte[]> content = document ? Optional.of(json) : beside(files.file(ending));
            if (content.isEmpty()) {
                found(Code.MISSING_PAGE, "there is no file " + name + " beside it");
            } else if (!ReportFiles.sha256(content.get()).equals(sums.get(name))) {
                found(document ? Code.CHANGED_DOCUMENT : Code.CHANGED_PAGE, name + " is not what was signed");
            }
        }
    }

    private long proofs(ReportFiles files, Members document) {
        Members trail = document.members("trail");
        Optional<TreeHead> head = beside(files.file("checkpoint"))
                .flatMap(note -> key.head(new String(note, StandardCharsets.UTF_8)))
                .filter(each -> each.size() == trail.whole("size")
                        && each.root().toString().equals(trail.text("root")));
        if (head.isEmpty()) {
            found(Code.BAD_CHECKPOINT, "the given key has not signed the head of the trail that the document names");
            return 0;
        }
        long good = 0;
        for (Members control : ReportPage.objects(document, "controls")) {
            Set<String> shown = new HashSet<>();
            for (Members each : ReportPage.objects(control, "evidence")) {
                if (isIn(head.get(), each)) {
                    good++;
                    shown.add(each.text("evidenceId") + " " + each.whole("entry"));
                } else {
                    found(Code.BAD_PROOF, "the trail does not have entry " + each.whole("entry") + " as it is named");
                }
            }
            claims(control, shown);
        }
        return good;
    }

    private static boolean isIn(TreeHead head, Members evidence) {
        try {
            Members proof = evidence.members("proof");
            List<Hash> path = new ArrayList<>();
            for (JsonValue each : proof.items("path")) {
                path.add(Hash.parse(((JsonValue.Text) each).value()));
            }
            return proof.whole("size") == head.size()
                    && new InclusionProof(evidence.whole("entry"), head.size(), path)
                            .verifies(Hash.parse(evidence.text("leafHash")), head.root());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** What is met is met by something, every entry that a claim names is proven, and a status follows from the claims. */
    private void claims(Members control, Set<String> shown) {
        List<ControlStatus> statuses = new ArrayList<>();
        for (Members claim : ReportPage.objects(control, "claims")) {
            List<String> entries = ReportPage.texts(claim, "entries");
            boolean proven = entries.stream().allMatch(each -> shown.contains(claim.text("evidenceId") + " " + each));
            ControlStatus status = ControlStatus.valueOf(claim.text("status"));
            boolean nothing = claim.whole("population") == 0
                    || entries.isEmpty()
                    || !claim.items("exceptions").isEmpty();
            if (!proven || status == ControlStatus.MET && nothing) {
                found(Code.UNPROVEN_CLAIM, control.text("id") + ": nothing shows " + claim.text("evidenceId"));
            }
            statuses.add(status);
        }
        boolean part = new JsonValue.Truth(true).equals(control.values().get("part"));
        ControlStatus follows = ControlStatus.of(statuses, part);
        boolean alternative = control.text("status").equals(ControlStatus.ADDRESSABLE_ALTERNATIVE.name())
                && shown.stream().anyMatch(each -> each.startsWith("alternative "));
        if (!alternative && !control.text("status").equals(follows.name())) {
            found(Code.UNPROVEN_CLAIM, control.text("id") + ": its status does not follow from its claims");
        }
    }
}
