package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.policy.Weakening.Kind;

/** In what a policy protects less than the one before it is found, and what protects more is let through. */
class WeakeningTest {

    private static final String BEFORE = """
            version: 1
            tiers:
              disk: {max: PHI_RESTRICTED}
              vault: {max: PHI_RESTRICTED, immutable: true}
              cold: {max: PHI, immutable: true, recall: 12h}
            retention:
              short: {keep: 35d}
              chart: {keep: 10y, lock: 90d, archive: hospital-record}
            defaults: {tier: disk, retention: short, quarantine: vault, keyDomain: general, copies: 2}
            rules:
              - {id: R1, when: "kind == 'dicom'", set: {tier: vault, retention: chart, keyDomain: images}, reason: images}
              - {id: R2, when: "kind == 'database'", set: {rto: 4h}, reason: databases}
              - {id: X1, effect: restrict, when: "'PART2' in labels", set: {tiers: [vault], keyDomain: part2, copies: 3}, reason: 42 CFR Part 2}
              - {id: X2, effect: restrict, when: "path.startsWith('/tax/')", set: {retention: chart, tiers: [vault, cold], rto: 24h}, reason: tax law}
            """;

    static Stream<Arguments> weaker() {
        return Stream.of(
                Arguments.of("keep: 10y", "keep: 9y", List.of(Kind.RETENTION_SHORTER, Kind.RESTRICTION_CHANGED)),
                Arguments.of("lock: 90d, ", "lock: 30d, ", List.of(Kind.LOCK_SHORTER)),
                Arguments.of("lock: 90d, ", "", List.of(Kind.LOCK_SHORTER)),
                Arguments.of(", archive: hospital-record", "", List.of(Kind.LEGAL_FLOOR_DROPPED)),
                Arguments.of("copies: 2}", "copies: 1}", List.of(Kind.FEWER_COPIES)),
                Arguments.of("cold: {max: PHI,", "cold: {max: PHI_RESTRICTED,", List.of(Kind.MORE_SENSITIVE)),
                Arguments.of("cold: {max: PHI, immutable: true,", "cold: {max: PHI,", List.of(Kind.IMMUTABLE_LOST)),
                Arguments.of("quarantine: vault", "quarantine: disk", List.of(Kind.IMMUTABLE_LOST)),
                Arguments.of(
                        "set: {tier: vault, retention", "set: {tier: disk, retention", List.of(Kind.IMMUTABLE_LOST)),
                Arguments.of(
                        "retention: chart, keyDomain: images",
                        "keyDomain: images",
                        List.of(Kind.RETENTION_SHORTER, Kind.LOCK_SHORTER, Kind.LEGAL_FLOOR_DROPPED)),
                Arguments.of(", keyDomain: images", "", List.of(Kind.KEY_DOMAIN_DROPPED)),
                Arguments.of("set: {rto: 4h}", "set: {rto: 8h}", List.of(Kind.RTO_LONGER)),
                Arguments.of("set: {rto: 4h}", "set: {copies: 2}", List.of(Kind.RTO_LONGER)),
                Arguments.of(
                        "tiers: [vault], keyDomain",
                        "tiers: [vault, disk], keyDomain",
                        List.of(Kind.IMMUTABLE_LOST, Kind.TIER_RESTRICTION_DROPPED, Kind.RESTRICTION_CHANGED)),
                Arguments.of(
                        // Restricted data, which cold does not take, falls to the first tier.
                        "tier: vault, retention: chart", "tier: cold, retention: chart", List.of(Kind.IMMUTABLE_LOST)),
                Arguments.of(
                        "tiers: [vault], keyDomain",
                        "keyDomain",
                        List.of(Kind.IMMUTABLE_LOST, Kind.TIER_RESTRICTION_DROPPED, Kind.RESTRICTION_CHANGED)),
                Arguments.of("keyDomain: part2, ", "", List.of(Kind.KEY_DOMAIN_DROPPED, Kind.RESTRICTION_CHANGED)),
                Arguments.of(
                        "keyDomain: part2",
                        "keyDomain: part3",
                        List.of(Kind.KEY_DOMAIN_DROPPED, Kind.RESTRICTION_CHANGED)),
                Arguments.of("part2, copies: 3", "part2", List.of(Kind.FEWER_COPIES, Kind.RESTRICTION_CHANGED)),
                Arguments.of(
                        "'PART2' in labels",
                        "'PART2' in labels || 'PART2' in labels",
                        List.of(Kind.RESTRICTION_CHANGED)),
                Arguments.of("rto: 24h", "rto: 48h", List.of(Kind.RTO_LONGER, Kind.RESTRICTION_CHANGED)),
                Arguments.of(
                        "X2, effect: restrict, when: \"path.startsWith('/tax/')\", set: {retention: chart, ",
                        "X2, effect: restrict, when: \"path.startsWith('/tax/')\", set: {",
                        List.of(
                                Kind.RETENTION_SHORTER,
                                Kind.LOCK_SHORTER,
                                Kind.LEGAL_FLOOR_DROPPED,
                                Kind.RESTRICTION_CHANGED)));
    }

    private static Policy changed(String from, String to) {
        assertThat(BEFORE).contains(from);
        return Policy.parse(BEFORE.replace(from, to));
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @MethodSource("weaker")
    void whatProtectsLessIsNamed(String from, String to, List<Kind> kinds) {
        List<Weakening> found = Policy.parse(BEFORE).weakenedBy(changed(from, to));

        assertThat(found).extracting(Weakening::kind).isSubsetOf(kinds).containsAll(kinds);
        assertThat(found).allSatisfy(each -> assertThat(each.message()).isNotBlank());
    }

    static Stream<Arguments> notWeaker() {
        return Stream.of(
                Arguments.of("version: 1", "version: 2"),
                Arguments.of("keep: 10y", "keep: 12y"),
                Arguments.of("copies: 2}", "copies: 3}"),
                Arguments.of("lock: 90d", "lock: 120d"),
                Arguments.of("tiers: [vault, cold]", "tiers: [vault]"),
                Arguments.of("set: {rto: 4h}", "set: {rto: 2h}"),
                Arguments.of("rto: 24h", "rto: 12h"),
                Arguments.of("short: {keep: 35d}", "short: {keep: 35d, lock: 7d}"),
                Arguments.of("keyDomain: images", "keyDomain: pictures"),
                Arguments.of("copies: 3}, reason", "copies: 4}, reason"),
                Arguments.of("reason: images", "reason: all images"));
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @MethodSource("notWeaker")
    void whatProtectsNoLessIsLetThrough(String from, String to) {
        assertThat(Policy.parse(BEFORE).weakenedBy(changed(from, to))).isEmpty();
        assertThat(Policy.parse(BEFORE).weakenedBy(Policy.parse(BEFORE))).isEmpty();
    }

    @Test
    void aClassThatIsGoneIsJudgedByTheFilesThatHadIt() {
        Policy after = Policy.parse(
                BEFORE.replace("chart: {keep: 10y, lock: 90d, archive: hospital-record}", "other: {keep: 1y}")
                        .replace("retention: chart", "retention: other"));

        assertThat(Policy.parse(BEFORE).weakenedBy(after))
                .contains(new Weakening(
                        Kind.RETENTION_SHORTER,
                        "files of class chart, which get class other, are kept for 1y and no longer for 10y"));
    }

    @Test
    void oneWhoseConditionsCannotBeWorkedOutForAMadeFileIsComparedAllTheSame() {
        Policy odd =
                Policy.parse(BEFORE + "  - {id: Z, when: \"10 / (size - 1) > 0\", set: {copies: 3}, reason: odd}\n");

        assertThat(odd.weakenedBy(Policy.parse(BEFORE)))
                .extracting(Weakening::kind)
                .contains(Kind.FEWER_COPIES);
    }
}
