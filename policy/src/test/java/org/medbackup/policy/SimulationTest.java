package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.policy.SimulationResult.Change;
import org.medbackup.policy.SimulationResult.Example;
import org.medbackup.policy.SimulationResult.Move;
import org.medbackup.policy.SimulationResult.PlacementClass;
import org.medbackup.testkit.ProcessorTime;

class SimulationTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String BEFORE = """
            version: 1
            tiers:
              disk: {max: PHI_RESTRICTED, cost: {storage: 0.1, get: 0, egress: 0.05}}
              vault: {max: PHI_RESTRICTED, immutable: true, cost: {storage: 0.02, put: 1}}
              cold: {max: PHI, immutable: true, recall: 12h, cost: {storage: 0.001, put: 64, minimum: 6m}}
            retention:
              short: {keep: 35d}
              chart: {keep: 10y, lock: 90d}
            defaults: {tier: disk, retention: short, quarantine: vault, copies: 2}
            rules:
              - {id: R1, when: "kind == 'dicom'", set: {tier: vault, retention: chart}, reason: images}
              - {id: R2, when: "kind == 'x12'", set: {copies: 3}, reason: claims}
            """;

    private static final String AFTER = BEFORE.replace("version: 1", "version: 2")
            .replace("set: {tier: vault, retention: chart}", "set: {tier: cold, retention: chart, rto: 4h}")
            .replace("copies: 3", "copies: 1");

    private static CatalogueRow row(String path, DataKind kind, long size) {
        return new CatalogueRow(
                new FileFacts(PathBytes.of(path), size, NOW.minus(Duration.ofDays(10)), 0, 0, 0),
                Classification.of(kind, List.of()));
    }

    private static SimulationResult simulated(String before, String after, CatalogueRow... rows) {
        var simulation = new Simulation(Policy.parse(before), Policy.parse(after), NOW);
        for (CatalogueRow each : rows) {
            simulation.add(each);
        }
        return simulation.result();
    }

    private static final CatalogueRow[] ROWS = {
        row("/pacs/a.dcm", DataKind.DICOM, 3_000_000_000L),
        row("/pacs/b.dcm", DataKind.DICOM, 1_000_000_000L),
        row("/claims/1", DataKind.X12, 1_000_000L),
        row("/srv/readme", DataKind.TEXT, 500_000_000L)
    };

    @Test
    void whatMovesIsCountedByClassesTheLargestFirst() {
        SimulationResult result = simulated(BEFORE, AFTER, ROWS);

        var images = new PlacementClass("vault", "chart", "default", 2);
        var cold = new PlacementClass("cold", "chart", "default", 2);
        var claims = new PlacementClass("disk", "short", "default", 3);
        var fewer = new PlacementClass("disk", "short", "default", 1);
        assertThat(result.files()).isEqualTo(4);
        assertThat(result.bytes()).isEqualTo(4_501_000_000L);
        assertThat(result.moves())
                .containsExactly(new Move(images, cold, 2, 4_000_000_000L), new Move(claims, fewer, 1, 1_000_000));
        assertThat(result.moves()).extracting(Move::changesTier).containsExactly(true, false);
        assertThat(result.examples())
                .containsExactly(new Example("/pacs/a.dcm", images, cold), new Example("/claims/1", claims, fewer));
        assertThat(result.examples().getLast().path()).isEqualTo("/claims/1");
        assertThat(result.moves().getLast())
                .returns(claims, Move::from)
                .returns(fewer, Move::to)
                .returns(1L, Move::files)
                .returns(1_000_000L, Move::bytes);
        assertThat(cold)
                .returns("cold", PlacementClass::tier)
                .returns("chart", PlacementClass::retention)
                .returns("default", PlacementClass::keyDomain)
                .returns(2, PlacementClass::copies);
        assertThat(result.quarantined()).isEqualTo(new Change(0, 0));
        assertThat(result.neverHit()).isEmpty();
    }

    @Test
    void moneyTimeAndLocksBeforeAndAfterAreReckoned() {
        SimulationResult result = simulated(BEFORE, AFTER, ROWS);

        SimulationResult.Cost cost = java.util.Objects.requireNonNull(result.cost());
        assertThat(cost.before()).isCloseTo(8 * 0.02 + 0.003 * 0.1 + 1 * 0.1, within(1e-9));
        assertThat(cost.after()).isCloseTo(8 * 0.001 + 0.001 * 0.1 + 1 * 0.1, within(1e-9));
        assertThat(cost.moving()).isCloseTo(8e9 / (64.0 * (1 << 20)) / 1000 * 64, within(1e-9));
        assertThat(cost.earlyAtMost()).isZero();
        assertThat(result.recall())
                .isEqualTo(new SimulationResult.Recall(Duration.ZERO, Duration.ofHours(12), 2, 0, 2));
        assertThat(result.recall().before()).isZero();
        assertThat(result.recall().after()).isEqualTo(Duration.ofHours(12));
        assertThat(result.recall().slower() + result.recall().beyondRto()).isEqualTo(4);
        assertThat(result.lock()).isEqualTo(new SimulationResult.Lock(0, 0, 0));
        assertThat(result.weakened()).isEqualTo(Map.of(Weakening.Kind.FEWER_COPIES, 1L));

        SimulationResult back = simulated(AFTER, BEFORE, ROWS);
        assertThat(back.recall().faster()).isEqualTo(2);
        assertThat(java.util.Objects.requireNonNull(back.cost()).earlyAtMost())
                .as("what leaves cold within its six months is paid to their end")
                .isCloseTo(8 * 0.001 * 6, within(1e-9));
    }

    @Test
    void aLongerLockCountsInMonthsAndGigabytes() {
        SimulationResult result = simulated(BEFORE, BEFORE.replace("lock: 90d", "lock: 12m"), ROWS);

        assertThat(result.lock().longer()).isEqualTo(2);
        assertThat(result.lock().gigabyteMonths()).isCloseTo(8 * (372 - 90) / 30.4375, within(1e-9));
        assertThat(simulated(BEFORE, BEFORE.replace("lock: 90d", "lock: 30d"), ROWS)
                        .lock()
                        .shorter())
                .isEqualTo(2);
    }

    @Test
    void withoutPricesThereIsNoCostAndThoseOfTheOtherPolicyHoldForATierOfTheSameName() {
        String without = BEFORE.replaceAll(", cost: \\{[^}]*}", "");

        assertThat(simulated(without, without, ROWS).cost()).isNull();
        assertThat(simulated(without, AFTER, ROWS).cost())
                .isEqualTo(simulated(BEFORE, AFTER, ROWS).cost());
    }

    @Test
    void rulesThatDecideNothingAndFilesThatNoTierTakesAreSaid() {
        String after =
                AFTER + "  - {id: X, effect: restrict, when: \"kind == 'text'\", set: {tiers: [cold]}, reason: a}\n";
        var restricted = new CatalogueRow(
                row("/srv/note", DataKind.TEXT, 1).facts(),
                Classification.of(DataKind.TEXT, List.of(new LabelFinding(Label.PART2, 1, Reason.PART2_NOTICE))));

        SimulationResult result = simulated(BEFORE, after, restricted);

        assertThat(result.quarantined()).returns(0L, Change::before).returns(1L, Change::after);
        assertThat(result.neverHit()).containsExactly("R1", "R2");
    }

    @Test
    void noMoreThanTwentyFilesAreShown() {
        var rules = new StringBuilder(BEFORE);
        for (int i = 0; i < 30; i++) {
            rules.append(
                    "  - {id: D" + i + ", when: \"size == " + i + "\", set: {keyDomain: d" + i + "}, reason: a}\n");
        }
        var simulation = new Simulation(Policy.parse(BEFORE), Policy.parse(rules.toString()), NOW);
        for (int i = 0; i < 30; i++) {
            simulation.add(row("/srv/" + i, DataKind.TEXT, i));
        }

        assertThat(simulation.result().examples()).hasSize(Simulation.EXAMPLES);
        assertThat(simulation.result().moves()).hasSize(30);
    }

    @Test
    void aMillionFilesTakeLessThanThirtySecondsOfProcessorTime() {
        Policy hospital = BuiltInPolicy.HOSPITAL.policy();
        Policy other = Policy.parse(BuiltInPolicy.HOSPITAL.text().replace("8760h", "4380h"));
        var simulation = new Simulation(hospital, other, NOW);
        DataKind[] kinds = DataKind.values();
        List<LabelFinding> phi = List.of(new LabelFinding(Label.PHI, 1, Reason.IDENTIFIERS));
        Duration started = ProcessorTime.ofThisThread();
        for (int i = 0; i < 1_000_000; i++) {
            simulation.add(new CatalogueRow(
                    new FileFacts(
                            PathBytes.of("/srv/data/" + i % 1000 + "/" + i + ".bin"),
                            i % 100_000,
                            NOW.minusSeconds(3600L * (i % 20_000)),
                            0,
                            0,
                            0),
                    Classification.of(kinds[i % kinds.length], i % 2 == 0 ? phi : List.of())));
        }
        SimulationResult result = simulation.result();
        double seconds = ProcessorTime.ofThisThread().minus(started).toMillis() / 1000.0;

        System.err.printf(java.util.Locale.ROOT, "1,000,000 rows in %.1f s of processor time%n", seconds);
        assertThat(seconds).isLessThan(30);
        assertThat(result.files()).isEqualTo(1_000_000);
        assertThat(result.moves()).isNotEmpty();
    }
}
