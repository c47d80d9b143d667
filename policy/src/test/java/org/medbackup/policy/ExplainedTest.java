package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.policy.Explained.Rejected;

class ExplainedTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Policy POLICY = Policy.parse("""
            version: 1
            tiers:
              public: {max: PUBLIC, cost: {storage: 0.001}}
              disk: {max: PHI, cost: {storage: 0.1}}
              vault: {max: PHI_RESTRICTED, immutable: true, cost: {storage: 0.02}}
              cold: {max: PHI_RESTRICTED}
            retention: {short: {keep: 35d}}
            defaults: {tier: disk, retention: short, quarantine: vault, copies: 2}
            rules:
              - {id: R1, when: "kind == 'dicom'", set: {tier: cold}, reason: images}
              - {id: X1, effect: restrict, when: "'PART2' in labels", set: {tiers: [vault, disk]}, reason: 42 CFR Part 2}
            """);

    private static Explained explained(DataKind kind, Label... labels) {
        List<LabelFinding> findings = Arrays.stream(labels)
                .map(each -> new LabelFinding(each, 1, Reason.IDENTIFIERS))
                .toList();
        return POLICY.explain(
                new FileFacts(PathBytes.of("/a"), 5_000_000_000L, NOW, 0, 0, 0),
                Classification.of(kind, findings),
                NOW);
    }

    @Test
    void theTiersThatItIsNotAreNamedWithWhyAndWhatTheyCost() {
        Explained plain = explained(DataKind.TEXT);

        assertThat(plain.decision().tier()).isEqualTo("disk");
        assertThat(plain.costPerMonth()).isEqualTo(1.0);
        assertThat(plain.rejected())
                .containsExactly(
                        new Rejected("public", "takes PUBLIC at most", 0.01),
                        new Rejected("vault", "no rule sends it there", 0.2),
                        new Rejected("cold", "no rule sends it there", null));
    }

    @Test
    void theRuleThatKeepsItAwayOrSendsItElsewhereIsNamed() {
        Explained image = explained(DataKind.DICOM);
        assertThat(image.decision().tier()).isEqualTo("cold");
        assertThat(image.costPerMonth()).isNull();
        assertThat(image.rejected()).extracting(Rejected::tier).containsExactly("public", "disk", "vault");
        assertThat(image.rejected()).extracting(Rejected::costPerMonth).containsExactly(0.01, 1.0, 0.2);
        assertThat(image.rejected())
                .extracting(Rejected::reason)
                .containsExactly("takes PUBLIC at most", "rule R1 sends it to cold", "rule R1 sends it to cold");

        Explained part2 = explained(DataKind.DICOM, Label.PART2);
        assertThat(part2.decision().tier()).isEqualTo("vault");
        assertThat(part2.rejected())
                .extracting(Rejected::reason)
                .containsExactly("takes PUBLIC at most", "takes PHI at most", "rule X1 does not allow it");
    }

    @Test
    void ofSeveralTiersThatTakeItTheFirstIsTaken() {
        Explained fallen = POLICY.explain(
                new FileFacts(PathBytes.of("/a"), 1, NOW, 0, 0, 0),
                Classification.of(
                        DataKind.TEXT, List.of(new LabelFinding(Label.PSYCHOTHERAPY, 1, Reason.PSYCHOTHERAPY_NOTE))),
                NOW);

        assertThat(fallen.decision().tier()).isEqualTo("vault");
        assertThat(fallen.rejected())
                .extracting(Rejected::reason)
                .containsExactly("takes PUBLIC at most", "takes PHI at most", "it stands after vault among the tiers");
    }

    @Test
    void tenThousandFilesAreKeptInFourBytesEachAndGiveTheSameDecisionsAgain() {
        Policy hospital = BuiltInPolicy.HOSPITAL.policy();
        Policy again = BuiltInPolicy.HOSPITAL.policy();
        var table = new TraceTable();
        var random = SeededRandom.of(21, 5);
        List<CatalogueRow> rows = new ArrayList<>();
        int[] ids = new int[10_000];
        for (int i = 0; i < ids.length; i++) {
            List<LabelFinding> labels = Arrays.stream(Label.values())
                    .filter(each -> random.below(3) == 0)
                    .map(each -> new LabelFinding(each, 1, Reason.IDENTIFIERS))
                    .toList();
            var row = new CatalogueRow(
                    new FileFacts(
                            PathBytes.of("/srv/" + i),
                            random.below(1 << 20),
                            NOW.minusSeconds(3600L * random.below(20_000)),
                            0,
                            0,
                            0),
                    Classification.of(random.pick(DataKind.values()), labels));
            rows.add(row);
            ids[i] = table.id(hospital.decide(row.facts(), row.found(), NOW));
        }

        for (int i = 0; i < ids.length; i++) {
            CatalogueRow row = rows.get(i);
            assertThat(again.decide(row.facts(), row.found(), NOW)).isEqualTo(table.decision(ids[i]));
        }
        assertThat(table.size()).isLessThan(100);
    }
}
