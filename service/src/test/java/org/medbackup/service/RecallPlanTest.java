package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.core.spi.store.ObjectStore.Recall.Terms;
import org.medbackup.policy.Policy;
import org.medbackup.testkit.ManualTime;

/** How long it takes to bring packs back, what it costs, and which speed is chosen. */
class RecallPlanTest {

    private static final String POLICY = """
            version: 1
            tiers:
              disk: {max: PHI_RESTRICTED}
              cold: {max: PHI_RESTRICTED, recall: 12h, cost: {storage: 0.001, recall: 0.02, egress: 0.05, get: 0.4}}
              tape: {max: PHI_RESTRICTED, recall: 2d}
              deep: {max: PHI_RESTRICTED, recall: 3d, cost: {storage: 0.001, recall: 0.2, egress: 0.5, get: 4}}
            retention: {operational: {keep: 35d}}
            defaults: {tier: disk, retention: operational, quarantine: disk}
            rules: []
            """;
    private static final Terms GLACIER = new Terms(
            Set.of("cold"),
            Set.of(Speed.values()),
            Map.of(
                    Speed.EXPEDITED,
                    Duration.ofMinutes(5),
                    Speed.STANDARD,
                    Duration.ofHours(5),
                    Speed.BULK,
                    Duration.ofHours(12)));
    private static final Terms DEEP = new Terms(
            Set.of("deep"),
            Set.of(Speed.STANDARD, Speed.BULK),
            Map.of(Speed.STANDARD, Duration.ofHours(12), Speed.BULK, Duration.ofHours(48)));
    private static final Terms TAPE = new Terms(Set.of("tape"), Set.of(Speed.values()), Map.of());

    private final ColdShelf shelf =
            new ColdShelf(new ManualTime(Instant.parse("2026-01-01T00:00:00Z")), Duration.ofHours(1));
    private final RecallPricing pricing = new RecallPricing(() -> Policy.parse(POLICY), Set.of("cold", "tape", "deep"));

    private List<ObjectInfo> packs(int first, int last, Terms terms) {
        List<ObjectInfo> packs = ColdShelf.infos(first, last);
        packs.forEach(each -> shelf.say(each.name(), terms));
        return packs;
    }

    private RecallPlan plan(List<ObjectInfo> packs, RecallOrder order) {
        return RecallSurvey.of("ab", packs, shelf).plan(order, pricing);
    }

    private static Optional<ErrorCode> refusal(RecallPlan plan, RecallOrder order) {
        return plan.refusal(order).map(RecallPlan.Refusal::code);
    }

    @Test
    void whatCanBeReadCostsNothingAndNeedsNoSpeed() {
        List<ObjectInfo> packs = packs(1, 4, GLACIER);
        packs.forEach(each -> shelf.put(each.name()));
        RecallOrder order = RecallOrder.cheapest().within(Duration.ZERO).costing(0);

        RecallPlan plan = plan(packs, order);

        assertThat(plan.isReady()).isTrue();
        assertThat(plan.batches()).isZero();
        assertThat(plan.speeds()).isEmpty();
        assertThat(plan.cost().orElseThrow().total()).isZero();
        assertThat(plan.refusal(order)).isEmpty();
    }

    @Test
    void theCheapestSpeedIsTakenWhereNobodyHasAHurry() {
        RecallPlan plan = plan(packs(1, 10, GLACIER), RecallOrder.cheapest());

        assertThat(plan.speed()).hasValue(new RecallSpeed(Speed.BULK, Duration.ofHours(12)));
        assertThat(plan.speeds())
                .extracting(RecallSpeed::speed)
                .containsExactly(Speed.BULK, Speed.STANDARD, Speed.EXPEDITED);
        assertThat(plan.waiting()).isEqualTo(new RecallPlan.Share(10, 10_000_000_000L));
        assertThat(plan.batches()).isEqualTo(1);
    }

    @Test
    void theCheapestSpeedThatMeetsTheDeadlineIsTaken() {
        List<ObjectInfo> packs = packs(1, 10, GLACIER);

        for (var expected : Map.of(
                        Duration.ofHours(24), Speed.BULK,
                        Duration.ofHours(12), Speed.BULK,
                        Duration.ofHours(11), Speed.STANDARD,
                        Duration.ofHours(1), Speed.EXPEDITED)
                .entrySet()) {
            RecallOrder order = RecallOrder.cheapest().within(expected.getKey());
            RecallPlan plan = plan(packs, order);
            assertThat(plan.speed().orElseThrow().speed()).isEqualTo(expected.getValue());
            assertThat(plan.refusal(order)).isEmpty();
        }
    }

    @Test
    void aDeadlineThatNoSpeedMeetsIsRefusedWithWhatTheFastestTakes() {
        RecallOrder order = RecallOrder.cheapest().within(Duration.ofHours(6));

        RecallPlan plan = plan(packs(1, 1, DEEP), order);

        assertThat(plan.speed()).isEmpty();
        assertThat(plan.refusal(order))
                .hasValue(new RecallPlan.Refusal(
                        ErrorCode.RECALL_TOO_SLOW, "what comes the fastest takes 720 minutes at most, and not 360"));
    }

    @Test
    void aSpeedThatWasAskedForAndIsTooSlowIsRefusedAndNotExchanged() {
        RecallOrder order = RecallOrder.of(Speed.BULK).within(Duration.ofHours(6));

        RecallPlan plan = plan(packs(1, 1, GLACIER), order);

        assertThat(plan.speed().orElseThrow().speed()).isEqualTo(Speed.BULK);
        assertThat(plan.refusal(order).orElseThrow().message()).contains("takes longer than 6 h; another does not");
    }

    @Test
    void aSpeedThatTheTargetDoesNotKnowIsAWrongCall() {
        RecallOrder order = RecallOrder.of(Speed.EXPEDITED).within(Duration.ofDays(9));

        RecallPlan plan = plan(packs(1, 1, DEEP), order);

        assertThat(refusal(plan, order)).hasValue(ErrorCode.USAGE);
    }

    @Test
    void packsThatDoNotFitIntoOneBatchTakeLonger() {
        RecallOrder order = RecallOrder.cheapest().inBatchesOf(4).within(Duration.ofHours(24));

        RecallPlan plan = plan(packs(1, 10, GLACIER), order);

        assertThat(plan.batches()).isEqualTo(3);
        assertThat(plan.speed()).hasValue(new RecallSpeed(Speed.STANDARD, Duration.ofHours(15)));
    }

    @Test
    void costsAreThoseOfThePolicyAndWhatIsOnItsWayIsPaidFor() {
        List<ObjectInfo> packs = packs(1, 10, GLACIER);
        shelf.request(packs.getFirst().name(), Speed.BULK, Duration.ofDays(1));

        RecallPlan plan = plan(packs, RecallOrder.cheapest());

        RecallCost cost = plan.cost().orElseThrow();
        assertThat(plan.coming().packs()).isEqualTo(1);
        assertThat(cost.recall()).isCloseTo(9 * 0.02, within(1e-9));
        assertThat(cost.egress()).isCloseTo(10 * 0.05, within(1e-9));
        assertThat(cost.requests()).isCloseTo((9 + 10) * 0.4 / 1000, within(1e-9));
        assertThat(cost.total()).isCloseTo(0.18 + 0.5 + 0.0076, within(1e-9));
    }

    @Test
    void aBudgetIsKeptOrRefused() {
        List<ObjectInfo> packs = packs(1, 10, GLACIER);
        RecallOrder enough = RecallOrder.cheapest().costing(0.8);
        RecallOrder tooLittle = RecallOrder.cheapest().costing(0.7);

        assertThat(plan(packs, enough).refusal(enough)).isEmpty();
        assertThat(plan(packs, tooLittle).refusal(tooLittle))
                .hasValue(
                        new RecallPlan.Refusal(ErrorCode.RECALL_TOO_DEAR, "it costs 0.7080, and 0.7000 may be spent"));
    }

    @Test
    void pricesThatNobodyKnowsAreAbsentAndNoBudgetIsKeptWithThem() {
        List<ObjectInfo> packs = new java.util.ArrayList<>(packs(1, 2, GLACIER));
        packs.addAll(packs(3, 3, TAPE));
        RecallOrder order = RecallOrder.cheapest().costing(1_000_000);

        RecallPlan plan = plan(packs, order);

        assertThat(plan.cost()).isEmpty();
        assertThat(refusal(plan, order)).hasValue(ErrorCode.RECALL_TOO_DEAR);
    }

    @Test
    void whereTheMakerSaysNothingThePolicyDoes() {
        RecallPlan plan = plan(packs(1, 2, TAPE), RecallOrder.of(Speed.STANDARD));

        assertThat(plan.speed()).hasValue(new RecallSpeed(Speed.STANDARD, Duration.ofDays(2)));
    }

    @Test
    void theSlowestTargetCountsAndOnlySpeedsThatAllKnow() {
        List<ObjectInfo> packs = new java.util.ArrayList<>(packs(1, 2, GLACIER));
        packs.addAll(packs(3, 4, DEEP));

        RecallPlan plan = plan(packs, RecallOrder.cheapest());

        assertThat(plan.speeds())
                .containsExactly(
                        new RecallSpeed(Speed.BULK, Duration.ofHours(48)),
                        new RecallSpeed(Speed.STANDARD, Duration.ofHours(12)));
        assertThat(plan.cost().orElseThrow().recall()).isCloseTo(2 * 0.02 + 2 * 0.2, within(1e-9));
    }

    @Test
    void ofSeveralTiersAtOneTargetTheDearestCounts() {
        RecallPlan plan = plan(packs(1, 1, GLACIER.at(Set.of("cold", "deep"))), RecallOrder.cheapest());

        assertThat(plan.cost().orElseThrow().recall()).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void aRepositoryThatIsColdItselfIsThoseTiersThatLieNowhereElse() {
        RecallPlan plan =
                plan(packs(1, 1, Terms.UNKNOWN), RecallOrder.cheapest().within(Duration.ofDays(9)));

        // The tier disk, which says neither.
        assertThat(plan.cost()).isEmpty();
        assertThat(plan.speeds())
                .allSatisfy(each -> assertThat(each.longestWait()).isEmpty());
        assertThat(plan.refusal(RecallOrder.cheapest().within(Duration.ofDays(9)))
                        .orElseThrow()
                        .message())
                .contains("nobody says how long it takes");
    }

    @Test
    void aPolicyThatCannotBeReadKeepsNobodyFromRestoring() {
        var lost = new RecallPricing(
                () -> {
                    throw ErrorCode.POLICY_UNTRUSTED.because("somebody has changed it");
                },
                Set.of());

        RecallPlan plan = RecallSurvey.of("ab", packs(1, 1, GLACIER), shelf).plan(RecallOrder.cheapest(), lost);

        assertThat(plan.cost()).isEmpty();
        assertThat(plan.refusal(RecallOrder.cheapest())).isEmpty();
    }

    @Test
    void thePolicysBudgetHoldsWhereNobodyNamesAnotherAndHoldsNothingBackThatHasNoPrice() {
        var limited =
                new RecallPricing(() -> Policy.parse(POLICY + "recallBudget: 0.001\n"), Set.of("cold", "tape", "deep"));
        RecallPlan dear = RecallSurvey.of("ab", packs(1, 4, GLACIER), shelf).plan(RecallOrder.cheapest(), limited);
        RecallPlan unpriced = RecallSurvey.of("ab", packs(5, 6, TAPE), shelf).plan(RecallOrder.cheapest(), limited);

        assertThat(dear.refusal(RecallOrder.cheapest())).hasValueSatisfying(refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.RECALL_TOO_DEAR);
            assertThat(refused.message()).contains("0.0010 may be spent by the policy");
        });
        assertThat(refusal(dear, RecallOrder.cheapest().costing(1_000))).isEmpty();
        assertThat(refusal(unpriced, RecallOrder.cheapest())).isEmpty();
        assertThat(Policy.parse(POLICY).recallBudget()).isEmpty();
    }

    @Test
    void aTargetWithoutColdStorageHasEverythingAtHand() {
        RecallPlan plan = RecallSurvey.atHand("ab", ColdShelf.infos(1, 3)).plan(RecallOrder.cheapest(), pricing);

        assertThat(plan.readable().packs()).isEqualTo(3);
        assertThat(plan.isReady()).isTrue();
    }
}
