package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests and prices that a policy brings along. */
class PolicyTestsTest {

    private static final String POLICY = """
            version: 1
            tiers:
              disk: {max: PHI_RESTRICTED, cost: {storage: 0.02, put: 1, get: 0.5, egress: 0.09, recall: 0.01, minimum: 90d}}
              vault: {max: PHI_RESTRICTED, immutable: true, cost: {storage: 1}}
            retention:
              short: {keep: 35d}
              chart: {keep: 10y}
            defaults: {tier: disk, retention: short, quarantine: vault, copies: 2}
            rules:
              - {id: R1, when: "kind == 'dicom' && age > duration('24h') && uid < 8 && gid < 9 && size < 10", set: {tier: vault}, reason: old}
              - {id: R2, when: "'PHI' in labels && path.startsWith('/wards/')", set: {retention: chart, copies: 3}, reason: charts}
            tests:
              - name: old images are locked
                facts: {path: /pacs/a.dcm, kind: dicom, age: 2d, uid: 7, gid: 8, size: 9}
                expect: {tier: vault, quarantined: false}
              - {facts: {path: /wards/a, labels: [PHI]}, expect: {retention: chart, copies: 3, keyDomain: default}}
            """;

    private static List<PolicyConflict> failed(String from, String to) {
        assertThat(POLICY).contains(from);
        return Policy.parse(POLICY.replace(from, to)).conflicts().stream()
                .filter(each -> each.kind() == PolicyConflict.Kind.TEST_FAILED)
                .toList();
    }

    @Test
    void testsThatComeOutAreSilent() {
        Policy policy = Policy.parse(POLICY);

        assertThat(policy.conflicts()).isEmpty();
        assertThat(policy.tests()).extracting(Expectation::name).containsExactly("old images are locked", "2");
        assertThat(policy.tests().getFirst().expected())
                .isEqualTo(new Expectation.Expected("vault", null, null, 0, false));
        assertThat(policy.tests().getLast().expected())
                .returns(null, Expectation.Expected::tier)
                .returns("chart", Expectation.Expected::retention)
                .returns("default", Expectation.Expected::keyDomain)
                .returns(3, Expectation.Expected::copies)
                .returns(null, Expectation.Expected::quarantined);
        assertThat(policy.tests().getFirst().found().kind()).isEqualTo(DataKind.DICOM);
        assertThat(policy.tests().getFirst().facts().size()).isEqualTo(9);
    }

    @Test
    void aTestThatFailsIsNamedWithTheRulesThatDecidedAndWhatCameOut() {
        assertThat(failed("expect: {tier: vault", "expect: {tier: disk"))
                .containsExactly(new PolicyConflict(
                        PolicyConflict.Kind.TEST_FAILED,
                        List.of("R1"),
                        "test old images are locked: tier is vault and not disk"));
        assertThat(failed(
                        "retention: chart, copies: 3, keyDomain: default}}",
                        "retention: short, copies: 1, keyDomain: x}}"))
                .extracting(PolicyConflict::message)
                .containsExactly("test 2: retention is chart and not short; keyDomain is default and not x;"
                        + " copies is 3 and not 1");
        assertThat(failed("quarantined: false", "quarantined: true"))
                .extracting(PolicyConflict::message)
                .containsExactly("test old images are locked: quarantined is false and not true");
    }

    @Test
    void whatATestNamesHasToBeThere() {
        assertThat(Policy.check(POLICY.replace("expect: {tier: vault", "expect: {tier: tape")))
                .extracting(PolicyFault::key)
                .containsExactly("tests/0/expect/tier");
        assertThat(Policy.check(POLICY.replace("expect: {retention: chart", "expect: {retention: none")))
                .extracting(PolicyFault::key)
                .containsExactly("tests/1/expect/retention");
        assertThat(Policy.check(POLICY.replace("kind: dicom, age", "kind: film, age")))
                .extracting(PolicyFault::key)
                .containsExactly("tests/0/facts/kind");
        assertThat(Policy.check(POLICY.replace("storage: 1}", "put: 1}"))).hasSize(1);
    }

    @Test
    void testsAndPricesBelongToWhatIsSigned() {
        assertThat(Policy.parse(POLICY.replace("copies: 3, key", "key")).digest())
                .isNotEqualTo(Policy.parse(POLICY).digest());
        assertThat(Policy.parse(POLICY.replace("storage: 1}", "storage: 2}")).digest())
                .isNotEqualTo(Policy.parse(POLICY).digest());
    }

    @Test
    void pricesAreReadAndReckoned() {
        Tier tier = Objects.requireNonNull(Policy.parse(POLICY).tiers().get("disk"));
        Prices disk = Objects.requireNonNull(tier.prices());

        assertThat(disk).isEqualTo(new Prices(0.02, 1, 0.5, 0.09, 0.01, Period.ofDays(90)));
        assertThat(List.of(disk.storage(), disk.put(), disk.get(), disk.egress(), disk.recall()))
                .containsExactly(0.02, 1.0, 0.5, 0.09, 0.01);
        assertThat(disk.minimum()).isEqualTo(Period.ofDays(90));
        assertThat(disk.perMonth(5e9)).isEqualTo(0.1);
        assertThat(disk.in(64.0 * 1024 * 1024 * 1000)).isEqualTo(1);
        assertThat(disk.out(1e9)).isBetween(0.1, 0.11);
        assertThat(disk.early(1e9)).isBetween(0.059, 0.06);
        assertThat(new Tier("disk", Sensitivity.PHI, false, Duration.ZERO).prices())
                .isNull();
    }
}
