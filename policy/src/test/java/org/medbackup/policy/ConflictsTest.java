package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Period;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.policy.PolicyConflict.Kind;

/** What does not go together in a policy is found before it holds, with the rules that take part. */
class ConflictsTest {

    private static final String HEAD = """
            version: 1
            tiers:
              disk: {max: PHI_RESTRICTED}
              vault: {max: PHI_RESTRICTED, immutable: true}
              cold: {max: PHI, recall: 12h}
              open: {max: PUBLIC}
            retention:
              short: {keep: 35d}
              chart: {keep: 10y}
            defaults: {tier: disk, retention: short, quarantine: vault}
            rules:
            """;

    private static String rule(String id, String when, String set) {
        return "  - {id: " + id + ", when: \"" + when + "\", set: {" + set + "}, reason: because}\n";
    }

    private static String restrict(String id, String when, String set) {
        return rule(id, when, set).replace("{id", "{effect: restrict, id");
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                Arguments.of(
                        "tiers that have nothing in common",
                        HEAD
                                + restrict("A", "'PART2' in labels", "tiers: [vault]")
                                + restrict("B", "path.startsWith('/billing/')", "tiers: [disk]"),
                        Kind.NO_TIER_LEFT,
                        List.of("A", "B")),
                Arguments.of(
                        "a restriction to a tier that does not take it",
                        HEAD + restrict("A", "'PART2' in labels", "tiers: [cold]"),
                        Kind.NO_TIER_LEFT,
                        List.of("A")),
                Arguments.of(
                        "two key domains",
                        HEAD
                                + restrict("A", "'PART2' in labels", "keyDomain: part2")
                                + restrict("B", "'PSYCHOTHERAPY' in labels", "keyDomain: psych"),
                        Kind.SEVERAL_KEY_DOMAINS,
                        List.of("A", "B")),
                Arguments.of(
                        "less than the law demands",
                        HEAD.replace("chart: {keep: 10y}", "chart: {keep: 4y, archive: mammography}")
                                + rule("A", "kind == 'dicom'", "retention: chart"),
                        Kind.BELOW_LEGAL_FLOOR,
                        List.of("A")),
                Arguments.of(
                        "a recall that is slower than it may be",
                        HEAD
                                + rule("A", "kind == 'dicom'", "tier: cold")
                                + restrict("B", "path.startsWith('/emergency/')", "rto: 4h"),
                        Kind.RECALL_SLOWER_THAN_RTO,
                        List.of("A", "B")),
                Arguments.of(
                        "a lock where none can be",
                        HEAD.replace("chart: {keep: 10y}", "chart: {keep: 10y, lock: 90d}")
                                        .replace("defaults: {tier: disk", "defaults: {tier: vault")
                                + rule("A", "kind == 'pdf'", "tier: disk")
                                + rule("B", "'PHI' in labels", "retention: chart"),
                        Kind.LOCK_NOT_POSSIBLE,
                        List.of("A", "B")),
                Arguments.of(
                        "a lock beyond the end",
                        HEAD.replace("chart: {keep: 10y}", "chart: {keep: 30d, lock: 90d}")
                                + rule("A", "kind == 'pdf'", "retention: chart, tier: vault"),
                        Kind.LOCK_LONGER_THAN_KEPT,
                        List.of("A")),
                Arguments.of(
                        "a tier that never takes what it gets",
                        HEAD + rule("A", "'PHI' in labels", "tier: open"),
                        Kind.TIER_NEVER_TAKES,
                        List.of("A")),
                Arguments.of(
                        "a rule after one that always holds",
                        HEAD + rule("A", "true", "tier: disk") + rule("B", "kind == 'dicom'", "tier: vault"),
                        Kind.UNREACHABLE,
                        List.of("A", "B")),
                Arguments.of(
                        "a narrower rule after a wider one",
                        HEAD
                                + rule("A", "kind == 'dicom'", "tier: disk, retention: chart")
                                + rule("B", "kind == 'dicom' && age > duration('8760h')", "tier: cold"),
                        Kind.UNREACHABLE,
                        List.of("A", "B")),
                Arguments.of(
                        "a rule that two before it cover together",
                        HEAD
                                + rule("A", "'PHI' in labels", "tier: disk")
                                + rule("B", "!('PHI' in labels)", "tier: vault")
                                + rule("C", "size > 1000", "tier: cold"),
                        Kind.UNREACHABLE,
                        List.of("A", "B", "C")),
                Arguments.of(
                        "a condition that contradicts itself",
                        HEAD + rule("A", "kind == 'dicom' && kind == 'pdf'", "tier: cold"),
                        Kind.NEVER_HOLDS,
                        List.of("A")),
                Arguments.of(
                        "a word that is none",
                        HEAD + rule("A", "'PHY' in labels", "tier: vault"),
                        Kind.NEVER_HOLDS,
                        List.of("A")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conflicts")
    void aConflictIsNamedWithItsRules(String what, String text, Kind kind, List<String> rules) {
        assertThat(Policy.parse(text).conflicts())
                .as(what)
                .extracting(PolicyConflict::kind, PolicyConflict::rules)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(kind, rules));
    }

    @Test
    void rulesThatGoTogetherAreNotComplainedOf() {
        String good = HEAD.replace("chart: {keep: 10y}", "chart: {keep: 10y, lock: 90d, archive: radiology}")
                + rule("A", "kind == 'dicom' && age > duration('8760h') && !path.startsWith('/billing/')", "tier: cold")
                + rule("B", "kind == 'dicom' && size > 1000000", "copies: 3")
                + rule(
                        "C",
                        "path.startsWith('/billing/') && modified < timestamp('2020-01-01T00:00:00Z')",
                        "tier: vault, rto: 4h")
                + rule("D", "path.matches('^/x/srv') || name.endsWith('.tmp')", "keyDomain: other, rto: 2d")
                + restrict("E", "'PART2' in labels", "tiers: [vault], keyDomain: part2")
                + restrict("F", "'PSYCHOTHERAPY' in labels", "tiers: [vault, disk], copies: 2, rto: 1d");

        assertThat(Policy.parse(good).conflicts()).isEmpty();
    }

    @Test
    void theFloorsOfTheLawHaveTheirCitations() {
        assertThat(LegalFloor.all()).hasSizeGreaterThan(5).allSatisfy((id, floor) -> {
            assertThat(floor.id()).isEqualTo(id);
            assertThat(floor.citation()).contains("CFR");
            assertThat(floor.from()).isNotBlank();
        });
        assertThat(LegalFloor.all().get("laboratory"))
                .extracting(floor -> floor == null ? null : floor.keep())
                .isEqualTo(Period.ofYears(2));
        assertThat(Policy.check(HEAD.replace("chart: {keep: 10y}", "chart: {keep: 10y, archive: dreams}")
                        + rule("A", "true", "tier: disk")))
                .singleElement()
                .satisfies(fault -> assertThat(fault.text()).contains("retention/chart/archive", "mammography"));
    }
}
