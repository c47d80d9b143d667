package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditTrail;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.service.DrillVerification.Code;

/** Evidence that its own host has signed, and that is wrong all the same. */
class DrillCheckTest {

    private static final Actor RAJ = new Actor("raj", "backup01", null, null);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path temp;

    private AuditTrail audit;

    @BeforeEach
    void open() {
        audit = AuditTrail.open(
                temp.resolve("audit"),
                Secret.ofText("the key of a host under test, 32"),
                TimeSource.system(),
                Entropy.system());
    }

    @AfterEach
    void close() {
        audit.close();
    }

    private void started(String operation, String action, Facts facts) {
        audit.accept(new BackupEvent.Started(NOON, operation, action, RAJ, facts));
    }

    private void ended(String operation, String action, Facts facts) {
        audit.accept(new BackupEvent.Ended(
                NOON, operation, action, RAJ, Outcome.SUCCESS, null, Duration.ofSeconds(1), facts));
    }

    private void predict() {
        started("p", "predict-plan", Facts.of("plan", "abcd"));
        ended(
                "p",
                "predict-plan",
                Facts.of("seconds", 7.0).and("low", 6.5).and("high", 7.5).and("seed", 42L));
    }

    private void drill() {
        started("d", "drill", Facts.of("plan", "abcd").and("predicted", 7.0).and("seed", 42L));
        ended(
                "d",
                "drill",
                Facts.of("drill", "1f")
                        .and("actual", 7.25)
                        .and("errorPercent", 3.6)
                        .and("met", true)
                        .and("sound", true)
                        .and("clean", true));
    }

    private static Map<String, Object> drilled() {
        var members = new LinkedHashMap<String, Object>();
        members.put("drill", "1f");
        members.put("planDigest", "abcd");
        members.put("predicted", 7.0);
        members.put("low", 6.5);
        members.put("high", 7.5);
        members.put("seed", 42L);
        members.put("actual", 7.25);
        members.put("errorPercent", 3.6);
        members.put("met", true);
        members.put("cleanup", Map.of("ok", true));
        return members;
    }

    private List<Code> codes(Map<String, Object> members) {
        byte[] json = Json.canonical(JsonValue.of(members)).getBytes(StandardCharsets.UTF_8);
        Path file = temp.resolve("drill-1f.json");
        try {
            Files.write(file, json);
            Files.writeString(
                    temp.resolve("drill-1f.sig"),
                    audit.sign(new EvidenceFiles(temp, "drill-1f").statement(Map.of("json", json))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        DrillVerification found = MedBackup.verifyDrill(file, temp.resolve("audit/key.pub"));
        assertThat(found.valid()).isEqualTo(found.findings().isEmpty());
        return found.findings().stream().map(DrillVerification.Finding::code).toList();
    }

    private Map<String, Object> proven() {
        Map<String, Object> members = drilled();
        members.put("audit", DrillProofs.of(audit, "1f", 42));
        return members;
    }

    @Test
    void whatFitsIsProven() {
        predict();
        drill();

        assertThat(codes(proven())).isEmpty();
    }

    /** As it was made before trails had a second key. */
    @Test
    void evidenceOfOneKeyIsCheckedWithThatOneOfTwo() throws IOException {
        predict();
        drill();
        Map<String, Object> members = proven();
        Map<String, Object> proofs = new LinkedHashMap<>(DrillProofs.of(audit, "1f", 42));
        proofs.put("key", audit.key().alone().toString());
        proofs.put("checkpoint", withoutLastLine((String) Objects.requireNonNull(proofs.get("checkpoint"))));
        members.put("audit", proofs);
        assertThat(codes(members)).isEmpty();

        Path note = temp.resolve("drill-1f.sig");
        Files.writeString(note, withoutLastLine(Files.readString(note)));
        assertThat(MedBackup.verifyDrill(temp.resolve("drill-1f.json"), temp.resolve("audit/key.pub"))
                        .valid())
                .isTrue();
    }

    @Test
    void evidenceOfTwoKeysIsNotCheckedWithOne() throws IOException {
        predict();
        drill();
        assertThat(codes(proven())).isEmpty();

        Path note = temp.resolve("drill-1f.sig");
        Files.writeString(note, withoutLastLine(Files.readString(note)));
        assertThat(MedBackup.verifyDrill(temp.resolve("drill-1f.json"), temp.resolve("audit/key.pub"))
                        .findings())
                .extracting(DrillVerification.Finding::code)
                .containsExactly(Code.BAD_SIGNATURE);
    }

    private static String withoutLastLine(String note) {
        return note.substring(0, note.lastIndexOf("\n", note.length() - 2) + 1);
    }

    @Test
    void theEntriesAreFoundFarFromTheEnd() {
        predict();
        drill();
        for (int i = 0; i < 1_100; i++) {
            started("s" + i, "snapshots", Facts.NONE);
        }

        assertThat(codes(proven())).isEmpty();
    }

    @Test
    void eachNumberIsHeldAgainstTheTrail() {
        predict();
        drill();
        for (String name :
                List.of("drill", "planDigest", "predicted", "low", "high", "seed", "actual", "errorPercent", "met")) {
            Map<String, Object> changed = proven();
            changed.put(
                    name,
                    switch (Objects.requireNonNull(drilled().get(name))) {
                        case String text -> text + "0";
                        case Boolean truth -> !truth;
                        case Long whole -> whole + 1;
                        default -> 1.25;
                    });

            assertThat(codes(changed)).as(name).isNotEmpty().containsOnly(Code.CONTRADICTION);
        }
        Map<String, Object> left = proven();
        left.put("cleanup", Map.of("ok", false));
        assertThat(codes(left)).containsExactly(Code.CONTRADICTION);
        Map<String, Object> missing = proven();
        missing.remove("actual");
        assertThat(codes(missing)).containsExactly(Code.CONTRADICTION);
    }

    @Test
    void aPredictionThatWasWrittenAfterTheDrillIsNone() {
        drill();
        predict();

        // There is none before it.
        assertThat(DrillProofs.of(audit, "1f", 42)).isEmpty();
        assertThat(codes(drilled())).containsExactly(Code.NO_PROOFS);
        Map<String, Object> members = drilled();
        members.put("audit", ofEntries(List.of(0L, 1L, 2L, 3L)));
        assertThat(codes(members)).containsExactly(Code.NOT_PREDICTED_BEFORE);
    }

    @Test
    void proofsOfOtherEntriesShowNothing() {
        predict();
        drill();
        Map<String, Object> members = drilled();
        for (List<Long> entries : List.of(List.<Long>of(), List.of(2L, 3L), List.of(0L, 1L, 3L), List.of(0L, 1L, 2L))) {
            members.put("audit", ofEntries(entries));
            assertThat(codes(members)).containsExactly(Code.NOT_PREDICTED_BEFORE);
        }
        assertThat(DrillProofs.of(audit, "2e", 42)).isEmpty();
        assertThat(DrillProofs.of(audit, "1f", 43)).isEmpty();
    }

    private Map<String, Object> ofEntries(List<Long> indices) {
        return DrillProofs.members(audit.key(), audit.prove(indices));
    }

    @Test
    void whatHasNotTheFormOfProofsIsTold() {
        predict();
        drill();
        for (Object audit : List.of(
                Map.of(
                        "checkpoint",
                        DrillProofs.of(this.audit, "1f", 42).get("checkpoint"),
                        "entries",
                        List.of("text")),
                Map.of("checkpoint", DrillProofs.of(this.audit, "1f", 42).get("checkpoint")),
                "text")) {
            Map<String, Object> members = drilled();
            members.put("audit", audit);
            assertThat(codes(members)).containsExactly(Code.BAD_PROOF);
        }
    }

    @Test
    void theFingerprintNamesTheMachineAndNotItsName() throws IOException {
        Path memory = Files.writeString(temp.resolve("meminfo"), "MemTotal:       24684084 kB\nMemFree: 1 kB\n");

        Map<String, Object> known = HostFingerprint.of("medbackup 1", memory);
        assertThat(known)
                .containsEntry("memory", 24684084L << 10)
                .containsEntry("medbackup", "medbackup 1")
                .containsKeys("kernel", "architecture", "processors", "java", "fingerprint");
        assertThat(HostFingerprint.of("medbackup 1", memory)).isEqualTo(known);
        assertThat(HostFingerprint.of("medbackup 1", temp.resolve("absent"))).doesNotContainKey("memory");
        assertThat(HostFingerprint.of("medbackup 1", Files.writeString(memory, "")))
                .doesNotContainKey("memory");
    }
}
