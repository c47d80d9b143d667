package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.RetentionTerms;
import org.medbackup.core.spi.place.RetentionTerms.Term;
import org.medbackup.core.spi.place.RetentionTerms.Thinned;

/** How long restore points are kept by a policy, and which of them. */
class PolicyTermsTest {

    private static final String POLICY = """
            version: 1
            tiers: {disk: {max: PHI_RESTRICTED, immutable: true}}
            retention:
              operational: {keep: 35d}
              telemetry: {keep: 2y, gfs: {daily: 7, weekly: 4, monthly: 24, yearly: 10}}
              chart: {keep: 10y, lock: 90d, archive: hospital-record}
              evidence: {keep: forever}
            defaults: {tier: disk, retention: operational, quarantine: disk}
            rules:
              - {id: R1, when: "'PHI' in labels", set: {retention: chart}, reason: charts}
              - {id: R2, when: "extension == 'csv'", set: {retention: telemetry}, reason: of monitors}
              - {id: R3, when: "idle > duration('4320h')", set: {retention: evidence}, reason: nobody uses it}
            """;

    private static List<String> kinds(String text) {
        return Policy.parse(text).conflicts().stream()
                .map(each -> each.kind().name())
                .toList();
    }

    @Test
    void eachClassHasItsTermAndAClassOfAnotherPolicyHasNone() {
        RetentionTerms terms = new PolicyTerms(Policy.parse(POLICY));

        assertThat(terms.of("operational")).contains(new Term(Period.ofDays(35), Thinned.NOT));
        assertThat(terms.of("telemetry")).contains(new Term(Period.ofYears(2), new Thinned(7, 4, 24, 10)));
        assertThat(terms.of("imaging")).isEmpty();
        assertThat(terms.of("chart").orElseThrow().end(Instant.parse("2026-02-28T10:00:00Z")))
                .isEqualTo(Instant.parse("2036-02-28T10:00:00Z"));
        assertThat(terms.of("evidence").orElseThrow().end(Instant.parse("2026-02-28T10:00:00Z")))
                .isAfter(Instant.parse("9999-01-01T00:00:00Z"));
        assertThat(kinds(POLICY)).isEmpty();
    }

    @Test
    void theLawIsKeptEvenWhereAPolicySaysLess() {
        String less = POLICY.replace("keep: 10y, lock", "keep: 1y, lock");

        assertThat(new PolicyTerms(Policy.parse(less)).of("chart").orElseThrow().keep())
                .isEqualTo(Period.ofYears(5));
        assertThat(kinds(less)).containsExactly("BELOW_LEGAL_FLOOR");
    }

    @Test
    void recordsAreNotThinnedOut() {
        String thinned = POLICY.replace("archive: hospital-record", "archive: hospital-record, gfs: {monthly: 12}");

        assertThat(new PolicyTerms(Policy.parse(thinned))
                        .of("chart")
                        .orElseThrow()
                        .thinned())
                .isEqualTo(Thinned.NOT);
        assertThat(kinds(thinned)).containsExactly("RECORDS_THINNED");
        assertThat(Policy.parse(thinned).conflicts().getFirst().rules()).containsExactly("R1");
    }

    @Test
    void fewerRestorePointsOrAShorterTimeProtectLess() {
        Policy before = Policy.parse(POLICY);
        String fewer = POLICY.replace("monthly: 24", "monthly: 12");
        String all = POLICY.replace(", gfs: {daily: 7, weekly: 4, monthly: 24, yearly: 10}", "");
        String ends = POLICY.replace("keep: forever", "keep: 9y");

        assertThat(before.weakenedBy(Policy.parse(fewer)))
                .extracting(Weakening::kind)
                .containsExactly(Weakening.Kind.FEWER_RESTORE_POINTS);
        assertThat(before.weakenedBy(Policy.parse(all))).isEmpty();
        assertThat(Policy.parse(all).weakenedBy(before))
                .extracting(Weakening::kind)
                .containsExactly(Weakening.Kind.FEWER_RESTORE_POINTS);
        assertThat(before.weakenedBy(Policy.parse(ends)))
                .extracting(Weakening::message)
                .contains("class evidence keeps for 9y and no longer for forever");
    }

    @Test
    void whatNobodyHasReadForLongGoesElsewhere() {
        Policy policy = Policy.parse(POLICY);
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        Instant written = now.minus(Duration.ofDays(900));
        Classification text = Classification.of(DataKind.TEXT, List.of());
        PathBytes path = PathBytes.of("/srv/plan.txt");

        var unread = new FileFacts(path, 1, written, 0, 0, 0);
        var read = new FileFacts(path, 1, written, 0, 0, 0, now.minus(Duration.ofDays(3)));
        var never = new FileFacts(path, 1, now.plusSeconds(9), 0, 0, 0, Instant.EPOCH);

        assertThat(policy.decide(unread, text, now).retention()).isEqualTo("evidence");
        assertThat(policy.decide(read, text, now).retention()).isEqualTo("operational");
        assertThat(policy.decide(never, text, now).retention()).isEqualTo("operational");
    }

    @Test
    void aTestOfThePolicyMaySayHowLongNobodyHasReadAFile() {
        String tested = POLICY
                + "tests:\n  - {name: unused, facts: {age: 900d, idle: 400d}, expect: {retention: evidence}}\n"
                + "  - {name: used, facts: {age: 900d, idle: 1h}, expect: {retention: operational}}\n";

        assertThat(kinds(tested)).isEmpty();
    }
}
