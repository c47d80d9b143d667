package org.medbackup.recovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** A plan of recovery says what is to be done, or what is wrong with it. */
class RecoveryPlanTest {

    private static final String PLAN = """
            name: ward site
            envelope: {parallel: 2, read: 100MiB/s, write: 80MiB/s, processors: 1.5}
            applications:
              pacs:
                job: pacs
                criticality: 3
                objectives: {mtd: 3d, rto: 1d, rpo: 1h, wrt: 1d}
                after: {records: ready, names: started}
              records:
                job: ehr
                criticality: 1
                objectives: {mtd: 8h, rto: 4h, rpo: 15m, wrt: 2h}
                after: {names: ready}
                target: /srv/recovered/records
                checks:
                  - {kind: hashes}
                  - {kind: sql, statement: "SELECT count(*) FROM visits", least: 100}
              names:
                job: directory
                criticality: 1
                objectives: {rto: 1h}
              intranet:
                job: intranet
                objectives: {rto: 2d}
            """;

    private static PlannedApplication named(RecoveryPlan plan, String name) {
        return Objects.requireNonNull(plan.applications().get(name));
    }

    private static List<String> faults(String text) {
        return RecoveryPlan.check(text).stream().map(PlanFault::text).toList();
    }

    @Test
    void whatAPlanSaysIsReadAndTheRestIsAsUsual() {
        RecoveryPlan plan = RecoveryPlan.parse(PLAN);
        PlannedApplication records = named(plan, "records");
        PlannedApplication intranet = named(plan, "intranet");

        assertThat(plan.name()).isEqualTo("ward site");
        assertThat(plan.envelope()).isEqualTo(new Envelope(2, 100L << 20, 80L << 20, 1.5));
        assertThat(plan.envelope().isDeclared()).isTrue();
        assertThat(records.objectives())
                .isEqualTo(new Objectives(
                        Duration.ofHours(8), Duration.ofHours(4), Duration.ofMinutes(15), Duration.ofHours(2)));
        assertThat(records.after()).containsExactly(Map.entry("names", Need.READY));
        assertThat(records.target()).isEqualTo("/srv/recovered/records");
        assertThat(records.checks())
                .extracting(PlannedCheck::kind)
                .containsExactly(PlannedCheck.Kind.HASHES, PlannedCheck.Kind.SQL);
        assertThat(records.checks().getLast().settings())
                .containsExactly(Map.entry("least", "100"), Map.entry("statement", "SELECT count(*) FROM visits"));
        assertThat(intranet.criticality()).isEqualTo(5);
        assertThat(intranet.target()).isNull();
        assertThat(intranet.checks()).containsExactly(PlannedCheck.of(PlannedCheck.Kind.HASHES));
        assertThat(intranet.objectives().isTolerable()).isTrue();
        assertThat(plan.digest())
                .hasSize(64)
                .isEqualTo(RecoveryPlan.parse(PLAN + "# a remark\n").digest());
        assertThat(plan.digest())
                .isNotEqualTo(RecoveryPlan.parse(PLAN.replace("1.5", "2")).digest());
    }

    @Test
    void withoutAnEnvelopeOneGoesAfterTheOther() {
        RecoveryPlan plan = RecoveryPlan.parse("name: a\napplications: {a: {job: a, objectives: {rto: 30s}}}\n");

        assertThat(plan.envelope()).isEqualTo(Envelope.NONE);
        assertThat(plan.envelope().isDeclared()).isFalse();
        assertThat(named(plan, "a").objectives().rto()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theMostCriticalOfThoseThatCanGoIsNext() {
        assertThat(RecoveryPlan.parse(PLAN).order())
                .extracting(PlannedApplication::name)
                .containsExactly("names", "records", "pacs", "intranet");
    }

    @Test
    void aCycleIsNamedWithAllWhoAreInIt() {
        String cycle = PLAN.replace("objectives: {rto: 1h}", "objectives: {rto: 1h}\n    after: {pacs: verified}");

        assertThat(faults(cycle))
                .anySatisfy(fault -> assertThat(fault)
                        .contains("each of these waits for the next", "pacs, records, names")
                        .startsWith("line 8, applications/pacs/after"));
        assertThatThrownBy(() -> RecoveryPlan.parse(cycle))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PLAN_INVALID));
    }

    @Test
    void whoHasToBeBackSoonerThanWhatHeWaitsForIsNamed() {
        assertThat(faults(PLAN.replace("objectives: {rto: 1h}", "objectives: {rto: 5h}")))
                .containsExactly("line 13, applications/records/after/names: records has to be back sooner than names,"
                        + " for which it waits");
    }

    @Test
    void anObjectiveThatHarmsTheHouseIsNamed() {
        assertThat(faults(PLAN.replace("mtd: 8h", "mtd: 5h")))
                .containsExactly(
                        "line 12, applications/records/objectives: rto and wrt are longer together than mtd: the"
                                + " house is harmed before the work is done again");
    }

    @Test
    void whatThePlanDoesNotHaveAndWhatNoPlanHasIsNamedWithItsLine() {
        assertThat(faults(PLAN.replace("after: {names: ready}", "after: {name: ready}")))
                .containsExactly("line 13, applications/records/after/name: the plan has no application name");
        assertThat(faults(PLAN.replace("rto: 4h", "rto: soon")))
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith("line 12, applications/records/objectives/rto"));
        assertThat(faults(PLAN.replace("names: ready", "names: asleep"))).hasSize(1);
        assertThat(faults(PLAN.replace("100MiB/s", "100MB"))).hasSize(1);
        assertThat(faults(PLAN.replace("100MiB/s", "10KiB/s").replace("80MiB/s", "63KiB/s")))
                .containsExactly(
                        "line 2, envelope/read: less than 64KiB/s cannot be kept",
                        "line 2, envelope/write: less than 64KiB/s cannot be kept");
        assertThat(faults("name: [\n"))
                .singleElement()
                .satisfies(fault -> assertThat(fault).startsWith("line "));
        assertThat(faults("{}")).isNotEmpty();
    }

    @Test
    void impossibleValuesAreRefused() {
        Duration hour = Duration.ofHours(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Objectives(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Objectives(hour, hour, hour.negated(), Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Envelope(0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Envelope(1, -1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Envelope(1, 0, 0, Double.NaN));
    }

    static LongStream seeds() {
        return Seeds.of(100);
    }

    @Test
    void someOfAPlanAreThoseAndWhatTheyNeed() {
        RecoveryPlan plan = RecoveryPlan.parse("""
                name: site
                applications:
                  images: {job: c, objectives: {rto: 8h}, after: {records: ready}}
                  directory: {job: a, objectives: {rto: 1h}}
                  records: {job: b, objectives: {rto: 4h}, after: {directory: ready}}
                  mail: {job: d, objectives: {rto: 8h}}
                """);

        assertThat(plan.only(List.of("images")).applications().keySet())
                .containsExactly("images", "directory", "records");
        assertThat(plan.only(List.of("mail")).applications().keySet()).containsExactly("mail");
        assertThat(plan.only(List.of("mail")).digest()).isEqualTo(plan.digest());
        assertThat(plan.only(plan.applications().keySet()).order()).isEqualTo(plan.order());
    }

    /** Random plans: an order has each once and none before what it needs, and a cycle is found where there is one. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anOrderHasNoneBeforeWhatItNeeds(long seed) {
        var random = SeededRandom.of(seed);
        int count = 2 + random.below(8);
        boolean backwards = false;
        var text = new StringBuilder("name: random\napplications:\n");
        for (int i = 0; i < count; i++) {
            text.append("  a" + i + ": {job: s, criticality: " + (1 + random.below(9))
                    + ", objectives: {rto: 1h}, after: {");
            String comma = "";
            for (int j = 0; j < i; j++) {
                if (random.below(3) == 0) {
                    text.append(comma + "a" + j + ": ready");
                    comma = ", ";
                }
            }
            if (random.below(30) == 0) {
                text.append(comma + "a" + i + ": ready");
                backwards = true;
            }
            text.append("}}\n");
        }

        if (backwards) {
            assertThat(faults(text.toString())).singleElement().asString().contains("waits for the next");
            return;
        }
        List<PlannedApplication> order = RecoveryPlan.parse(text.toString()).order();
        assertThat(order).hasSize(count).doesNotHaveDuplicates();
        List<String> names = order.stream().map(PlannedApplication::name).toList();
        for (PlannedApplication each : order) {
            assertThat(names.subList(0, names.indexOf(each.name())))
                    .containsAll(each.after().keySet());
        }
    }
}
