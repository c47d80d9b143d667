package org.medbackup.service;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.ProvenEntry;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.service.DrillVerification.Code;
import org.medbackup.service.DrillVerification.Finding;

/** Checks the evidence of a drill with the public key of the trail alone. For one thread. */
final class DrillCheck {

    private final TrailKey key;
    private final List<Finding> findings = new ArrayList<>();

    private DrillCheck(TrailKey key) {
        this.key = key;
    }

    static DrillVerification of(Path file, Path key) {
        byte[] json = bytes(file);
        TrailKey trusted = TrailKey.parse(new String(bytes(key), StandardCharsets.ISO_8859_1))
                .orElseThrow(() -> ErrorCode.USAGE
                        .because("the file is no public key of an audit trail")
                        .about(key));
        return new DrillCheck(isOfOneKey(json) ? trusted.alone() : trusted).check(file, json);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw ErrorCode.USAGE
                    .because("the file does not exist or cannot be read", unreadable)
                    .about(file);
        }
    }

    private void found(Code code, String message) {
        findings.add(new Finding(code, message));
    }

    /** Whether the document was made before trails had a second key. */
    private static boolean isOfOneKey(byte[] json) {
        try {
            Members document = Json.parseMembers(new String(json, StandardCharsets.UTF_8));
            return document.find("audit").isPresent()
                    && TrailKey.parse(document.members("audit").text("key"))
                            .filter(made -> !made.hasSecond())
                            .isPresent();
        } catch (JsonException malformed) {
            return false;
        }
    }

    private DrillVerification check(Path file, byte[] json) {
        signature(file, json);
        try {
            Members document = Json.parseMembers(new String(json, StandardCharsets.UTF_8));
            int entries = proofs(document);
            return new DrillVerification(document.text("drill"), entries, findings);
        } catch (JsonException malformed) {
            found(Code.CHANGED_DOCUMENT, "the file is no document of a drill");
            return new DrillVerification("", 0, findings);
        }
    }

    private void signature(Path file, byte[] json) {
        String name = String.valueOf(file.getFileName());
        String base = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        var files = new EvidenceFiles(file.resolveSibling(""), base);
        Optional<byte[]> note = beside(files.file("sig"));
        if (note.isEmpty()) {
            found(Code.MISSING_SIGNATURE, "there is no file " + files.name("sig") + " beside it");
            return;
        }
        Map<String, String> sums = key.statement(new String(note.get(), StandardCharsets.UTF_8))
                .map(EvidenceFiles::sums)
                .orElse(Map.of());
        if (sums.isEmpty()) {
            found(Code.BAD_SIGNATURE, "the given key has not signed what " + files.name("sig") + " says");
            return;
        }
        if (!EvidenceFiles.sha256(canonical(json)).equals(sums.get(files.name("json")))) {
            found(Code.CHANGED_DOCUMENT, "the document is not the one that was signed");
        }
        for (String ending : List.of("html", "pdf")) {
            Optional<byte[]> page = beside(files.file(ending));
            if (page.isPresent() && !EvidenceFiles.sha256(page.get()).equals(sums.get(files.name(ending)))) {
                found(Code.CHANGED_PAGE, files.name(ending) + " is not the page that was signed");
            }
        }
    }

    /** Spaces and the order of members say nothing; what cannot be read stays as it is. */
    private static byte[] canonical(byte[] json) {
        try {
            return Json.canonical(Json.parse(new String(json, StandardCharsets.UTF_8)))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonException malformed) {
            return json;
        }
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

    private int proofs(Members document) {
        if (document.find("audit").isEmpty()) {
            found(Code.NO_PROOFS, "the document holds no proofs of the audit trail");
            return 0;
        }
        List<AuditEntry> entries = new ArrayList<>();
        try {
            Members audit = document.members("audit");
            Optional<TreeHead> head = key.head(audit.text("checkpoint"));
            if (head.isEmpty()) {
                found(Code.BAD_CHECKPOINT, "the given key has not signed the checkpoint");
                return 0;
            }
            for (ProvenEntry each : DrillProofs.read(audit)) {
                Optional<AuditEntry> entry = each.entry();
                if (entry.isEmpty() || !each.isIn(head.get())) {
                    found(
                            Code.BAD_PROOF,
                            "the trail does not have entry " + each.proof().index() + " as it stands here");
                } else {
                    entries.add(entry.get());
                }
            }
        } catch (JsonException | IllegalArgumentException malformed) {
            found(Code.BAD_PROOF, "the proofs do not have their form");
            return 0;
        }
        order(document, entries);
        return entries.size();
    }

    private void order(Members document, List<AuditEntry> entries) {
        Optional<AuditEntry> ended = one(entries, DrillProofs.DRILL, "ended");
        Optional<AuditEntry> started = one(entries, DrillProofs.DRILL, "started")
                .filter(each -> ended.map(AuditEntry::operation).equals(Optional.of(each.operation())));
        Optional<AuditEntry> predicted = one(entries, DrillProofs.PREDICTION, "ended");
        Optional<AuditEntry> asked = one(entries, DrillProofs.PREDICTION, "started")
                .filter(each -> predicted.map(AuditEntry::operation).equals(Optional.of(each.operation())));
        if (started.isEmpty()
                || asked.isEmpty()
                || predicted.get().index() > started.get().index()) {
            found(Code.NOT_PREDICTED_BEFORE, "it is not shown that the prediction was written before the drill began");
            return;
        }
        compare(document, "planDigest", asked.get(), "plan");
        compare(document, "predicted", predicted.get(), "seconds");
        compare(document, "low", predicted.get(), "low");
        compare(document, "high", predicted.get(), "high");
        compare(document, "seed", predicted.get(), "seed");
        compare(document, "planDigest", started.get(), "plan");
        compare(document, "predicted", started.get(), "predicted");
        compare(document, "seed", started.get(), "seed");
        compare(document, "drill", ended.get(), "drill");
        compare(document, "actual", ended.get(), "actual");
        compare(document, "errorPercent", ended.get(), "errorPercent");
        compare(document, "met", ended.get(), "met");
        compare(document.members("cleanup"), "ok", ended.get(), "clean");
    }

    private static Optional<AuditEntry> one(List<AuditEntry> entries, String action, String event) {
        return entries.stream()
                .filter(each -> DrillProofs.is(each, action, event))
                .findFirst();
    }

    private void compare(Members document, String member, AuditEntry entry, String fact) {
        String there = entry.facts().get(fact);
        boolean same = there != null
                && switch (document.find(member).orElse(new JsonValue.Null())) {
                    case JsonValue.Text text -> text.value().equals(there);
                    case JsonValue.Truth truth -> String.valueOf(truth.value()).equals(there);
                    case JsonValue.Whole whole -> number(there).equals(number(String.valueOf(whole.value())));
                    case JsonValue.Decimal decimal -> number(there).equals(number(String.valueOf(decimal.value())));
                    default -> false;
                };
        if (!same) {
            found(
                    Code.CONTRADICTION,
                    "the document's " + member + " is not what entry " + entry.index() + " of the trail says");
        }
    }

    /** The number a text is; canonical JSON writes 7.0 as 7. */
    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text).stripTrailingZeros());
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }
}
