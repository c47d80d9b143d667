package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A text that holds a record number of the site is about a patient, as the policy of the site says. */
class SiteRecordNumbersTest {

    private static final String POLICY = """
            version: 1
            tiers: {disk: {max: PHI_RESTRICTED}}
            retention: {operational: {keep: 35d}}
            defaults: {tier: disk, retention: operational, quarantine: disk}
            recordNumbers: ["HX-[0-9]{6}"]
            rules: []
            """;

    private static Classification found(Policy policy, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Classifier.of(policy).classify(Heads.facts("/srv/list.txt", bytes.length), ByteBuffer.wrap(bytes));
    }

    @Test
    void aRecordNumberMakesATextAPatientsAndIsNotKept() {
        Policy policy = Policy.parse(POLICY);
        Classification listed = found(policy, "to be called back: HX-004829");

        assertThat(policy.recordNumbers()).containsExactly("HX-[0-9]{6}");
        assertThat(listed.finding(Label.PHI)).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(Reason.RECORD_NUMBERS);
            assertThat(each.toString()).doesNotContain("004829");
        });
        assertThat(found(policy, "to be called back: HX-00482").has(Label.PHI)).isFalse();
        assertThat(Heads.of("to be called back: HX-004829").has(Label.PHI)).isFalse();
        assertThat(found(policy, "HX-004829: 42 CFR Part 2 prohibits unauthorized disclosure of these records")
                        .has(Label.PART2))
                .isTrue();
    }

    @Test
    void whatIsNoPatternIsAFaultWithItsLine() {
        assertThat(Policy.check(POLICY.replace("HX-[0-9]{6}", "HX-.*")))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.line()).isEqualTo(5);
                    assertThat(fault.text()).contains("no pattern of record numbers", "'.' is not known here");
                });
    }

    @Test
    void aPatternThatIsGoneProtectsLess() {
        assertThat(Policy.parse(POLICY)
                        .weakenedBy(
                                Policy.parse(POLICY.replace("recordNumbers: [\"HX-[0-9]{6}\"]", "recordNumbers: []"))))
                .extracting(Weakening::kind)
                .containsExactly(Weakening.Kind.RECORD_NUMBERS_DROPPED);
    }
}
