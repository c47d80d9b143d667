package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.corpus.SeededRandom;

class PolicyTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String HOSPITAL = """
            version: 3
            tiers:
              disk: {max: PHI_RESTRICTED}
              vault: {max: PHI_RESTRICTED, immutable: true, recall: 12h}
              cold: {max: PHI, recall: 2d}
              public: {max: PUBLIC}
            retention:
              operational: {keep: 35d}
              chart: {keep: 10y, lock: 90d}
              imaging: {keep: 84m}
            defaults: {tier: disk, retention: operational, quarantine: vault, copies: 2}
            rules:
              - {id: R10, when: "kind == 'dicom' && age > duration('8760h')", set: {tier: cold, retention: imaging}, reason: old studies}
              - {id: R11, when: "kind == 'dicom'", set: {tier: disk, retention: imaging}, reason: young studies}
              - {id: R20, when: "'PHI' in labels", set: {retention: chart, copies: 3}, reason: charts are kept}
              - {id: R30, when: "'PUBLIC' in labels", set: {tier: public}, reason: everybody has it}
              - {id: X1, effect: restrict, when: "'PART2' in labels", set: {tiers: [vault], keyDomain: part2, copies: 4}, reason: 42 CFR Part 2}
              - {id: X2, effect: restrict, when: "path.startsWith('/billing/')", set: {retention: chart}, reason: tax law}
            """;

    private static final Policy POLICY = Policy.parse(HOSPITAL);

    private static FileFacts file(String path, int days) {
        return new FileFacts(PathBytes.of(path), 1_000, NOW.minus(Duration.ofDays(days)), 7, 8, 0);
    }

    private static Classification found(DataKind kind, Label... labels) {
        List<LabelFinding> findings = new ArrayList<>();
        for (Label each : labels) {
            findings.add(new LabelFinding(each, 0.9, Reason.IDENTIFIERS));
        }
        return Classification.of(kind, findings);
    }

    private static Decision decided(Policy policy, String path, int days, Classification found) {
        return policy.decide(file(path, days), found, NOW);
    }

    @Test
    void theFirstRuleThatHoldsDecidesEachFieldAndSaysWhy() {
        Decision old = decided(POLICY, "/pacs/a.dcm", 400, found(DataKind.DICOM, Label.PHI));

        assertThat(old.tier()).isEqualTo("cold");
        assertThat(old.retention()).isEqualTo("imaging");
        assertThat(old.copies()).isEqualTo(3);
        assertThat(old.keyDomain()).isEqualTo("default");
        assertThat(old.quarantined()).isFalse();
        assertThat(old.trace())
                .containsExactly(
                        new Decision.Step("R10", "tier", "cold", "old studies"),
                        new Decision.Step("R10", "retention", "imaging", "old studies"),
                        new Decision.Step("R20", "copies", "3", "charts are kept"));
        assertThat(decided(POLICY, "/pacs/a.dcm", 10, found(DataKind.DICOM, Label.PHI))
                        .tier())
                .isEqualTo("disk");
    }

    @Test
    void whatNoRuleSaysIsThePoliciesDefault() {
        Decision plain = decided(POLICY, "/srv/readme", 1, found(DataKind.TEXT));

        assertThat(plain).isEqualTo(new Decision("disk", "operational", "default", 2, Duration.ZERO, false, List.of()));
    }

    @Test
    void rulesThatRestrictHoldTogetherAndBeatThoseThatAssign() {
        Decision part2 = decided(POLICY, "/billing/a.dcm", 400, found(DataKind.DICOM, Label.PHI, Label.PART2));

        assertThat(part2.tier()).isEqualTo("vault");
        assertThat(part2.retention()).as("the longer of both").isEqualTo("chart");
        assertThat(part2.keyDomain()).isEqualTo("part2");
        assertThat(part2.copies()).isEqualTo(4);
        assertThat(part2.trace())
                .contains(
                        new Decision.Step("X1", "tiers", "vault", "42 CFR Part 2"),
                        new Decision.Step("X2", "retention", "chart", "tax law"),
                        new Decision.Step("", "tier", "vault", "tier cold takes PHI at most"));
    }

    @Test
    void noTierGetsWhatItMayNotTake() {
        String wrong = HOSPITAL.replace("set: {tier: public}", "set: {tier: public, copies: 1}")
                .replace("'PUBLIC' in labels", "true");

        Decision moved = decided(Policy.parse(wrong), "/srv/note", 1, found(DataKind.TEXT, Label.PHI));

        assertThat(moved.tier()).isEqualTo("disk");
        assertThat(moved.trace().getLast().reason()).isEqualTo("tier public takes PUBLIC at most");
    }

    @Test
    void whatNoTierMayTakeIsQuarantinedAndNotLost() {
        String contradicting =
                HOSPITAL + "  - {id: X3, effect: restrict, when: \"'PART2' in labels\", set: {tiers: [cold]},"
                        + " reason: a mistake}\n";

        Decision nowhere =
                decided(Policy.parse(contradicting), "/srv/note", 1, found(DataKind.TEXT, Label.PHI, Label.PART2));

        assertThat(nowhere.quarantined()).isTrue();
        assertThat(nowhere.tier()).isEqualTo("vault");
        assertThat(nowhere.trace().getLast().reason()).contains("a rule does not allow tier disk", "no other is left");
    }

    @Test
    void aReplayOfTenThousandFilesGivesTheSameDecisions() {
        Policy again = Policy.parse(HOSPITAL);
        var random = SeededRandom.of(11, 3);
        for (int i = 0; i < 10_000; i++) {
            Label[] labels = java.util.Arrays.stream(Label.values())
                    .filter(each -> random.below(3) == 0)
                    .toArray(Label[]::new);
            Classification found = found(random.pick(DataKind.values()), labels);
            String path = random.pick("/pacs/", "/billing/", "/srv/") + i + random.pick(".dcm", ".txt", "");
            int days = random.below(3_000);

            assertThat(decided(again, path, days, found)).isEqualTo(decided(POLICY, path, days, found));
        }
    }

    @Test
    void everyDecisionNamesATierThatTakesTheFileOrTheOneForWhatNobodyTakes() {
        var random = SeededRandom.of(12, 4);
        for (int i = 0; i < 3_000; i++) {
            List<Label> all = new ArrayList<>(List.of(Label.values()));
            Collections.rotate(all, random.below(all.size()));
            Classification found = found(
                    random.pick(DataKind.values()),
                    all.subList(0, random.below(4)).toArray(Label[]::new));
            Decision decision = decided(POLICY, "/billing/" + i, random.below(900), found);
            Tier tier = POLICY.tiers().get(decision.tier());

            assertThat(tier)
                    .isNotNull()
                    .satisfies(
                            each -> assertThat(each.takes(found.sensitivity())).isTrue());
            assertThat(decision.copies()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aConditionMayAskForAllThatIsKnownOfAFile() {
        String all = HOSPITAL.replace(
                "kind == 'dicom' && age > duration('8760h')",
                "name == 'A.DCM' && extension == 'dcm' && size == 1000 && uid == 7 && gid == 8"
                        + " && modified < timestamp('2026-03-01T00:00:00Z') && sensitivity == 'PHI' && labels.size() == 1");

        assertThat(decided(Policy.parse(all), "/pacs/A.DCM", 3, found(DataKind.DICOM, Label.PHI))
                        .tier())
                .isEqualTo("cold");
        assertThat(decided(Policy.parse(all), "/pacs/.DCM", 3, found(DataKind.DICOM, Label.PHI))
                        .tier())
                .isEqualTo("disk");
        assertThat(decided(POLICY, "/pacs/b", -5, found(DataKind.DICOM, Label.PHI))
                        .tier())
                .as("of a time to come")
                .isEqualTo("disk");
    }

    @Test
    void aPolicyTellsWhatIsInIt() {
        assertThat(POLICY.version()).isEqualTo(3);
        assertThat(POLICY.tiers().sequencedKeySet()).containsExactly("disk", "vault", "cold", "public");
        assertThat(POLICY.tiers().get("vault"))
                .isEqualTo(new Tier("vault", Sensitivity.PHI_RESTRICTED, true, Duration.ofHours(12)));
        assertThat(POLICY.retention().get("chart"))
                .isEqualTo(new RetentionClass("chart", Period.ofYears(10), Period.ofDays(90)));
        assertThat(POLICY.retention())
                .containsEntry("imaging", new RetentionClass("imaging", Period.ofMonths(84), Period.ZERO));
        assertThat(POLICY.rules()).extracting(Rule::id).containsExactly("R10", "R11", "R20", "R30", "X1", "X2");
        assertThat(POLICY.rules().getFirst().change().assignedTier()).contains("cold");
        assertThat(POLICY.rules().getFirst().when().variables()).containsExactlyInAnyOrder("kind", "age");
        assertThat(Policy.check(HOSPITAL)).isEmpty();
    }

    @Test
    void theDigestIsOfWhatAPolicySaysAndNotOfHowItIsWritten() {
        assertThat(POLICY.digest()).matches("[0-9a-f]{64}");
        assertThat(Policy.parse("# a remark\n" + HOSPITAL).digest()).isEqualTo(POLICY.digest());
        assertThat(Policy.parse(HOSPITAL.replace("copies: 2", "copies: 1")).digest())
                .isNotEqualTo(POLICY.digest());
        String turned = HOSPITAL.replace(
                "  disk: {max: PHI_RESTRICTED}\n  vault: {max: PHI_RESTRICTED, immutable: true, recall: 12h}\n",
                "  vault: {max: PHI_RESTRICTED, immutable: true, recall: 12h}\n  disk: {max: PHI_RESTRICTED}\n");
        assertThat(Policy.parse(turned).digest())
                .as("of several tiers the first is taken")
                .isNotEqualTo(POLICY.digest());
    }

    @Test
    void theFilesOfABackupArePlacedByWhatTheyAre() {
        var placement = new PolicyPlacement(POLICY, Classifier.builtIn(), NOW);
        byte[] note =
                "Patient MRN: 00482913 DOB: 1961-04-02 42 CFR Part 2".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(placement.place(file("/srv/note", 1), () -> java.nio.ByteBuffer.wrap(note)))
                .isEqualTo(new Placement("part2", "vault", "chart", placement.lockGeneration("chart")));
        assertThat(placement.digest()).isEqualTo(POLICY.digest());
    }

    @Test
    void aClassIsLockedUntilTheEndOfAGenerationAndOneWithoutALockIsNot() {
        var placement = new PolicyPlacement(POLICY, Classifier.builtIn(), NOW);
        Instant least = NOW.plus(Duration.ofDays(90));

        Instant end = LockGeneration.end(placement.lockGeneration("chart"));

        assertThat(end).isBetween(least, least.plus(LockGeneration.STEP));
        assertThat(placement.lockGeneration("operational")).isZero();
        assertThat(placement.lockGeneration("a class that is not there")).isZero();
        assertThat(placement.lockGeneration())
                .isEqualTo(POLICY.retention().keySet().stream()
                        .mapToInt(placement::lockGeneration)
                        .max()
                        .orElseThrow());
    }

    private static void isWrong(String from, String to, String... words) {
        String text = HOSPITAL.replace(from, to);
        assertThat(text).isNotEqualTo(HOSPITAL);
        List<PolicyFault> faults = Policy.check(text);
        assertThat(faults).isNotEmpty();
        assertThat(faults.stream().map(PolicyFault::text).reduce("", (one, other) -> one + "\n" + other))
                .contains(words);
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        isWrong(
                "tier: cold, retention: imaging",
                "tier: clod, retention: imaging",
                "line 13, rules/0/set/tier",
                "there is no tier");
        isWrong("retention: imaging}, reason: young", "retention: image}, reason: young", "line 14", "retention class");
        isWrong("tiers: [vault]", "tiers: [valt]", "line 17, rules/4/set/tiers", "cold, disk, public, vault");
        isWrong("id: R11", "id: R10", "another rule has this id");
        isWrong(
                "kind == 'dicom'\", set: {tier: disk",
                "knd == 'dicom'\", set: {tier: disk",
                "line 14, rules/1/when",
                "knd");
        isWrong("quarantine: vault", "quarantine: cold", "line 11, defaults/quarantine", "PHI_RESTRICTED");
        isWrong("defaults: {tier: disk", "defaults: {tier: tape", "defaults/tier");
        isWrong("retention: operational, quarantine", "retention: none, quarantine", "defaults/retention");
        isWrong("set: {tier: public}", "set: {tiers: [public]}", "names one tier");
        isWrong("set: {tiers: [vault], keyDomain", "set: {tier: vault, keyDomain", "under the key tiers");
        isWrong("reason: tax law", "why: tax law", "reason is missing", "not known");
        isWrong("keep: 35d", "keep: 35 days", "retention/operational/keep");
        isWrong("version: 3", "version: [3", "line ");
        assertThatThrownBy(() -> Policy.parse("version: 1")).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.POLICY_INVALID);
            assertThat(failure.describe()).contains("line 1", "missing");
        });
    }
}
