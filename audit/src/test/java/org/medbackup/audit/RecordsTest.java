package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** What of an event stands in an entry, and what does not. */
class RecordsTest {

    @TempDir
    Path temp;

    private List<AuditEntry> entries(BackupEvent... events) {
        try (AuditTrail trail = Trails.open(temp)) {
            Stream.of(events).forEach(trail::accept);
            return trail.entries(0).toList();
        }
    }

    @Test
    void everyEventButProgressBecomesAnEntry() {
        List<AuditEntry> entries = entries(
                Trails.started("a"),
                Trails.phase("a"),
                new BackupEvent.Progress(Trails.NOON, "a", 1, 2, 3, 4),
                Trails.found("a"),
                Trails.ended("a"));

        assertThat(entries).map(AuditEntry::event).containsExactly("started", "phase", "found", "ended");
        assertThat(entries).map(AuditEntry::index).containsExactly(0L, 1L, 2L, 3L);
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.operation()).isEqualTo("a");
            assertThat(entry.time()).isEqualTo(Trails.NOON);
        });
    }

    @Test
    void anEntryTellsWhoDidWhatWhenAndWhy() {
        BackupEvent failed = new BackupEvent.Ended(
                Trails.NOON,
                "a",
                "restore",
                Trails.ACTOR,
                Outcome.FAILURE,
                ErrorCode.NO_SPACE,
                Duration.ofMillis(2500),
                Facts.of("files", 3));

        List<AuditEntry> entries = entries(Trails.started("a"), Trails.phase("a"), failed);

        assertThat(entries.get(0).actor()).isEqualTo(Trails.ACTOR);
        assertThat(entries.get(0).action()).isEqualTo("backup");
        assertThat(entries.get(0).facts()).isEqualTo(Map.of("paths", "1"));
        assertThat(entries.get(0).seconds()).isNegative();
        assertThat(entries.get(0).previous()).isEqualTo(TreeHead.EMPTY);
        assertThat(entries.get(1).action()).isEqualTo("scan");
        assertThat(entries.get(1).outcome()).isEqualTo("SUCCESS");
        assertThat(entries.get(1).actor()).isNull();
        assertThat(entries.get(1).previous()).isNull();
        assertThat(entries.get(2).outcome()).isEqualTo("FAILURE");
        assertThat(entries.get(2).code()).isEqualTo("NO_SPACE");
        assertThat(entries.get(2).seconds()).isEqualTo(2.5);
    }

    @Test
    void anEntryIsCanonicalJson() {
        AuditEntry entry = entries(Trails.ended("a")).getFirst();

        assertThat(entry.record())
                .isEqualTo(Json.canonical(Json.parse(entry.record())))
                .isEqualTo("{\"action\":\"backup\",\"actor\":{\"host\":\"backup01\",\"name\":\"j.doe\"},"
                        + "\"event\":\"ended\",\"facts\":{\"files\":\"7\"},\"op\":\"a\",\"outcome\":\"SUCCESS\","
                        + "\"prevCheckpoint\":{\"keys\":2,\"root\":\"" + Hash.EMPTY_TREE + "\",\"size\":0},"
                        + "\"purposeOfUse\":\"HOPERAT\",\"reason\":\"ticket 4711\",\"seconds\":2,\"seq\":0,"
                        + "\"ts\":\"2026-01-01T12:00:00Z\",\"v\":1}");
    }

    @Test
    void howItIsKnownWhoActsIsRecorded() {
        Actor proven = Trails.ACTOR.known("certificate", "control");
        assertThat(proven).isNotEqualTo(Trails.ACTOR);

        AuditEntry entry = entries(new BackupEvent.Started(Trails.NOON, "a", "backup", proven, Facts.NONE))
                .getFirst();

        assertThat(entry.actor()).isEqualTo(proven);
    }

    @Test
    void actorsWithoutReasonAndPurposeAreRecordedToo() {
        var nobody = new Actor("cron", "backup01", null, null);

        AuditEntry entry = entries(new BackupEvent.Started(Trails.NOON, "a", "backup", nobody, Facts.NONE))
                .getFirst();

        assertThat(entry.actor()).isEqualTo(nobody);
        assertThat(entry.record()).doesNotContain("reason", "purposeOfUse", "facts", "veiled");
    }

    @Test
    void whoChangedWhichLimitIsRecorded() {
        var owner = new Actor("root", "backup01", null, null);

        AuditEntry entry = entries(
                        new BackupEvent.LimitChanged(Trails.NOON, "a", owner, "configuration", "disk.read=40MB/s", ""))
                .getFirst();

        assertThat(entry.actor()).isEqualTo(owner);
        assertThat(entry.record())
                .contains(
                        "\"action\":\"limit-changed\"",
                        "\"event\":\"limit\"",
                        "\"facts\":{\"new\":\"\",\"old\":\"disk.read=40MB/s\",\"rule\":\"configuration\"}");
    }

    @Test
    void veiledValuesAreInNoFileAndCanBeFoundByTheirTokens() throws IOException {
        String canary = "Mustermann, Erika MRN-7713-canary";
        try (AuditTrail trail = Trails.open(temp)) {
            trail.accept(new BackupEvent.Started(
                    Trails.NOON, "a", "backup", Trails.ACTOR, Facts.NONE.andVeiled("path", "/srv/" + canary)));
            trail.accept(new BackupEvent.Found(
                    Trails.NOON, "a", ErrorCode.SOURCE_UNREADABLE, Facts.NONE.andVeiled("file", canary)));
            trail.accept(Trails.ended("a"));

            List<AuditEntry> entries = trail.entries(0).toList();
            assertThat(entries.get(1).veiled()).isEqualTo(Map.of("file", trail.tokenOf(canary)));
            assertThat(entries.get(0).veiled()).isEqualTo(Map.of("path", trail.tokenOf("/srv/" + canary)));
            assertThat(trail.tokenOf(canary)).hasSize(64).isNotEqualTo(trail.tokenOf("another"));
        }
        try (AuditTrail other =
                AuditTrail.open(temp.resolve("x"), Trails.OTHER_KEY, new ManualTime(), new SeededEntropy(1))) {
            assertThat(other.tokenOf(canary))
                    .isNotEqualTo(Trails.open(temp.resolve("y")).tokenOf(canary));
        }
        for (Path file : Trails.files(temp)) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain("Mustermann", "Erika", "7713", "canary");
            assertThat(file.toString()).doesNotContain("canary");
        }
    }

    @Test
    void textsFromOutsideCannotSplitOrForgeARecord() {
        String attack = "ok\n\r\u0000\u0001\u001f\u2028\",\"outcome\":\"SUCCESS\"}\n{\"v\":1,\"seq\":99}"
                + "\n\n— medbackup AAAA\n";
        var actor = new Actor(attack, attack, attack, attack);

        List<AuditEntry> entries = entries(
                new BackupEvent.Started(
                        Trails.NOON,
                        attack,
                        attack,
                        actor,
                        Facts.of(attack, attack).andVeiled(attack, attack)),
                new BackupEvent.PhaseEnded(Trails.NOON, attack, attack, Outcome.FAILURE, Duration.ZERO, Facts.NONE));

        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).actor()).isEqualTo(actor);
        assertThat(entries.get(0).operation()).isEqualTo(attack);
        assertThat(entries.get(0).facts()).isEqualTo(Map.of(attack, attack));
        assertThat(entries.get(0).veiled()).containsOnlyKeys(attack);
        assertThat(entries.get(0).outcome()).isNull();
        assertThat(entries.get(0).record()).doesNotContain("\n", "\r", "\u0000", "\u0001", "\u001f");
        assertThat(entries.get(1).outcome()).isEqualTo("FAILURE");
        assertThat(Trails.findings(temp)).isEmpty();
    }

    @Test
    void textsThatAreNoUnicodeAreRecordedWithReplacements() {
        AuditEntry entry = entries(new BackupEvent.Started(
                        Trails.NOON, "a\ud800b", "backup", Trails.ACTOR, Facts.of("\udfff", "\ud83d\ude00")))
                .getFirst();

        assertThat(entry.operation()).isEqualTo("a\ufffdb");
        assertThat(entry.facts()).isEqualTo(Map.of("\ufffd", "\ud83d\ude00"));
        assertThat(Trails.findings(temp)).isEmpty();
    }

    @Test
    void aRecordThatIsTooLongIsRefusedAndTheTrailGoesOn() {
        var verbose = new Actor("j.doe", "backup01", "x".repeat(70_000), null);
        try (AuditTrail trail = Trails.open(temp)) {
            var tooLong = new BackupEvent.Started(Trails.NOON, "a", "backup", verbose, Facts.NONE);
            assertThatThrownBy(() -> trail.accept(tooLong))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("65535");
            trail.accept(Trails.ended("b"));

            assertThat(trail.head().size()).isEqualTo(1);
        }
        assertThat(Trails.findings(temp)).isEmpty();
    }
}
