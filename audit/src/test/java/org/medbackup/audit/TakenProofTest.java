package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** What is taken from a trail and checked without it. */
class TakenProofTest {

    @TempDir
    Path temp;

    private AuditTrail filled(int entries) {
        AuditTrail trail = Trails.openWithoutSync(temp.resolve("audit"));
        for (int i = 0; i < entries; i++) {
            trail.accept(Trails.phase("op" + i));
        }
        return trail;
    }

    @Test
    void entriesAreProvenToWhoHasThePublicKeyAlone() throws IOException {
        AuditProof proof;
        try (AuditTrail trail = filled(300)) {
            proof = trail.prove(List.of(7L, 258L, 299L));
        }
        TrailKey key =
                TrailKey.parse(Files.readString(temp.resolve("audit/key.pub"))).orElseThrow();
        TreeHead head = key.head(proof.checkpoint()).orElseThrow();

        assertThat(proof.entries()).hasSize(3).allMatch(each -> each.isIn(head));
        assertThat(proof.entries())
                .extracting(each -> each.entry().orElseThrow().operation())
                .containsExactly("op7", "op258", "op299");
        assertThat(Files.readString(temp.resolve("audit/checkpoints"))).contains(proof.checkpoint());
        assertThat(Trails.findings(temp.resolve("audit"))).isEmpty();
    }

    @Test
    void aChangedEntryPlaceOrHashIsFound() {
        try (AuditTrail trail = filled(30)) {
            AuditProof proof = trail.prove(List.of(7L));
            TreeHead head = trail.key().head(proof.checkpoint()).orElseThrow();
            ProvenEntry entry = proof.entries().getFirst();
            InclusionProof path = entry.proof();
            List<Hash> other = new ArrayList<>(path.path());
            other.set(0, Hash.EMPTY_TREE);

            assertThat(new ProvenEntry(entry.record().replace("1.5", "1.4"), path).isIn(head))
                    .isFalse();
            assertThat(new ProvenEntry(entry.record(), new InclusionProof(8, 30, path.path())).isIn(head))
                    .isFalse();
            assertThat(new ProvenEntry(entry.record(), new InclusionProof(8, 30, path.path())).entry())
                    .isEmpty();
            assertThat(new ProvenEntry(entry.record(), new InclusionProof(7, 30, other)).isIn(head))
                    .isFalse();
            assertThat(new ProvenEntry(entry.record(), new InclusionProof(7, 31, path.path())).isIn(head))
                    .isFalse();
            assertThat(new ProvenEntry("{", path).entry()).isEmpty();
        }
    }

    @Test
    void anEntryThatIsNotThereIsNotProven() {
        try (AuditTrail trail = filled(3)) {
            assertThatThrownBy(() -> trail.prove(List.of(3L))).isInstanceOf(IllegalArgumentException.class);
            assertThat(trail.prove(List.of()).entries()).isEmpty();
        }
    }

    @Test
    void aStatementIsSignedAndTheSmallestChangeIsFound() {
        try (AuditTrail trail = filled(1);
                AuditTrail other = AuditTrail.open(
                        temp.resolve("other"), Trails.OTHER_KEY, new ManualTime(), new SeededEntropy(2))) {
            String note = trail.sign("evidence of a thing \u00e9\nabc\n");
            TrailKey key = trail.key();

            assertThat(key.statement(note)).contains("evidence of a thing \u00e9\nabc\n");
            byte[] letters = note.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < note.length(); at += Trails.stepAt(letters, at)) {
                var changed = new StringBuilder(note);
                changed.setCharAt(at, (char) (note.charAt(at) ^ 1));
                assertThat(key.statement(changed.toString()))
                        .as("character %d", at)
                        .isEmpty();
            }
            assertThat(key.statement(note + note)).isEmpty();
            assertThat(key.statement(note + "x")).isEmpty();
            assertThat(key.statement("")).isEmpty();
            assertThat(other.key().statement(note)).isEmpty();
            assertThat(other.key())
                    .isNotEqualTo(key)
                    .isEqualTo(TrailKey.parse(other.key().toString()).orElseThrow());
            assertThat(other.key())
                    .hasSameHashCodeAs(TrailKey.parse(other.key().toString()).orElseThrow());
        }
    }

    @Test
    void aStatementIsNeverTakenForACheckpointNorTheOtherWay() {
        try (AuditTrail trail = filled(1)) {
            AuditProof proof = trail.prove(List.of(0L));
            String origin = proof.checkpoint().lines().findFirst().orElseThrow();

            assertThat(trail.key().statement(proof.checkpoint())).isEmpty();
            assertThat(trail.key().head(trail.sign("a\nb\n"))).isEmpty();
            assertThatThrownBy(() -> trail.sign(origin + "\n1\n" + "A".repeat(43) + "=\n"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a", "a\n\nb\n", "\na\n"})
    void whatIsNoStatementIsNotSigned(String text) {
        try (AuditTrail trail = filled(0)) {
            assertThatThrownBy(() -> trail.sign(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNoKeyIsTold() {
        assertThat(TrailKey.parse("")).isEmpty();
        assertThat(TrailKey.parse("a+b+c")).isEmpty();
    }
}
