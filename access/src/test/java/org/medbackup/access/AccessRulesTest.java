package org.medbackup.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.documents.CheckedDocument.Fault;
import org.medbackup.documents.sign.Signatures;

class AccessRulesTest {

    private static final AccessRules RULES = AccessRules.parse(Rules.TEXT);

    private static void fails(ErrorCode code, String said, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, wrong -> {
            assertThat(wrong.code()).isEqualTo(code);
            assertThat(wrong).hasMessageContaining(said);
        });
    }

    @Test
    void whatWasWrittenIsRead() {
        assertThat(RULES.version()).isEqualTo(1);
        assertThat(RULES.digest()).matches("[0-9a-f]{64}");
        assertThat(RULES.text()).isEqualTo(Rules.TEXT);
        assertThat(RULES.approvals()).isEqualTo(new ApprovalTerms(2, Duration.ofHours(24), Duration.ofDays(7)));
        assertThat(RULES.review()).isEqualTo(Duration.ofDays(3));
        assertThat(RULES.asksPurpose()).isTrue();
        assertThat(RULES.tokens()).isNull();
        assertThat(RULES.people()).hasSize(7);
        assertThat(RULES.named("nightly").orElseThrow().isService()).isTrue();
        assertThat(RULES.named("nobody")).isEmpty();
        assertThat(RULES.approvers()).extracting(Signer::name).containsExactly("bert", "cora", "dora");
    }

    @Test
    void whatIsNotSaidIsAsItIsUsually() {
        AccessRules short_ = AccessRules.parse(Rules.TEXT
                .replace("approvals: {quorum: 2, coolOff: 24h, expires: 7d}\n", "")
                .replace("breakGlass: {reviewWithin: 72h}\n", "purpose: optional\n")
                .replace(
                        "retention: {daily: 30, within: 14d}\n",
                        "tokens: {issuer: \"https://id.example\", audience: backup, keys: /etc/keys.json}\n"));

        assertThat(short_.approvals()).isEqualTo(ApprovalTerms.USUAL);
        assertThat(short_.review()).isNull();
        assertThat(short_.floor()).isNull();
        assertThat(short_.asksPurpose()).isFalse();
        assertThat(short_.tokens()).isEqualTo(new TokenTerms("https://id.example", "backup", "/etc/keys.json"));
    }

    @Test
    void whoCallsIsFoundByWhatProvesHim() {
        assertThat(RULES.who(Person.Way.OS, "anna").map(Person::name)).contains("anna");
        assertThat(RULES.who(Person.Way.CERTIFICATE, "CN=anna,O=Clinic").map(Person::name))
                .contains("anna");
        assertThat(RULES.who(Person.Way.CERTIFICATE, "cn=anna, o=Clinic").map(Person::name))
                .as("a subject in another spelling")
                .contains("anna");
        assertThat(RULES.who(Person.Way.TOKEN, "4711").map(Person::name)).contains("bert");
        assertThat(RULES.who(Person.Way.TOKEN, "anna")).isEmpty();
        assertThat(RULES.who(Person.Way.CERTIFICATE, "anna")).isEmpty();
        assertThat(RULES.who(Person.Way.OS, "bert")).isEmpty();
    }

    @Test
    void rolesAllowWhatTheyAreForAndNothingElse() {
        Person anna = RULES.named("anna").orElseThrow();
        Person nightly = RULES.named("nightly").orElseThrow();

        assertThat(anna.may(AccessRight.BACK_UP)).isTrue();
        assertThat(anna.may(AccessRight.RESTORE)).isFalse();
        assertThat(anna.roleWords()).isEqualTo("backup-operator");
        assertThat(nightly.may(AccessRight.BACK_UP)).isTrue();
        assertThat(Set.of(AccessRight.RESTORE, AccessRight.RELEASE, AccessRight.KEEP_KEYS, AccessRight.APPROVE))
                .as("a program decides nothing and takes nothing out")
                .noneMatch(nightly::may);
        assertThat(AccessRole.of("auditor")).contains(AccessRole.AUDITOR);
        assertThat(AccessRole.of("king")).isEmpty();
    }

    @Test
    void whoMayTakeOutDataOfSomeSourcesMayNotOfOthers() {
        AccessRules limited = AccessRules.parse(Rules.TEXT.replace(
                "roles: [approver, restore-operator]",
                "roles: [approver, restore-operator], sources: [ward, \"lab-*\"]"));
        Person cora = limited.named("cora").orElseThrow();

        assertThat(List.of("ward", "lab-", "lab-7")).allMatch(cora::covers);
        assertThat(List.of("wards", "lab", "pacs", "")).noneMatch(cora::covers);
        assertThat(RULES.named("cora").orElseThrow().covers("pacs")).isTrue();
    }

    /** NIST SP 800-53, AC-5: no role makes and approves, decides the policy and keeps the keys, acts and audits. */
    @ParameterizedTest
    @EnumSource(AccessRole.class)
    void noRoleJoinsWhatIsToBeApart(AccessRole role) {
        Set<AccessRight> rights = role.rights();

        assertThat(rights.contains(AccessRight.APPROVE) && rights.size() > 2).isFalse();
        assertThat(rights.containsAll(Set.of(AccessRight.DECIDE_POLICY, AccessRight.KEEP_KEYS)))
                .isFalse();
        assertThat(rights.containsAll(Set.of(AccessRight.BACK_UP, AccessRight.RESTORE)))
                .isFalse();
        assertThat(rights.containsAll(Set.of(AccessRight.EXPIRE, AccessRight.RELEASE)))
                .isFalse();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("nothing", "version", "version: 1\n", ""),
                Arguments.of("an unknown role", "should be one of", "roles: [backup-operator]", "roles: [king]"),
                Arguments.of(
                        "policy and keys in one hand",
                        "two persons",
                        "roles: [policy-admin]",
                        "roles: [policy-admin, security-officer]"),
                Arguments.of(
                        "an approver without a key",
                        "an approver has a key",
                        "os: carl, roles: [security-officer]",
                        "os: carl, roles: [security-officer, approver]"),
                Arguments.of(
                        "one key for two",
                        "has the same",
                        Rules.CORA.signer().text(),
                        Rules.BERT.signer().text()),
                Arguments.of("one user for two", "has the same", "os: carl", "os: anna"),
                Arguments.of(
                        "a program and a person", "has the same", "nightly: {os: medbackup}", "nightly: {os: anna}"),
                Arguments.of("the same name", "have the same name", "nightly: {os", "carl: {os"),
                Arguments.of("no key", "no public key", Rules.DORA.signer().text(), "AAAA"),
                Arguments.of("no subject", "no subject", "CN=anna, O=Clinic", "anna"),
                Arguments.of("too few approvers", "have to be one more", "quorum: 2", "quorum: 3"),
                Arguments.of(
                        "nobody who could change them",
                        "nobody is security-officer",
                        "[security-officer]",
                        "[privacy-officer]"),
                Arguments.of("an end before the beginning", "would end before", "expires: 7d", "expires: 1h"),
                Arguments.of("no YAML", "", "version: 1", "version: [1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void whatIsWrongIsSaidWithItsLine(String what, String said, String from, String to) {
        String text = Rules.TEXT.replaceFirst(
                java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to));
        List<Fault> faults = AccessRules.check(text);

        assertThat(faults).as(what).isNotEmpty();
        assertThat(faults).anySatisfy(fault -> {
            assertThat(fault.message()).contains(said);
            assertThat(fault.line()).isPositive();
        });
        fails(ErrorCode.ACCESS_INVALID, "line ", () -> AccessRules.parse(text));
    }

    @Test
    void rulesThatAreRightHaveNothingWrong() {
        assertThat(AccessRules.check(Rules.TEXT)).isEmpty();
    }

    @Test
    void theFirstRulesAreSignedByTheirOwnApproversAndLaterOnesByThoseBefore() {
        Signatures one = RULES.unsigned().and(Rules.BERT);
        Signatures two = one.and(Rules.CORA);

        assertThat(RULES.names(RULES.requireSignedAfter(null, two))).containsExactly("bert", "cora");
        fails(ErrorCode.ACCESS_UNTRUSTED, "1 have signed, and 2", () -> RULES.requireSignedAfter(null, one));
        fails(
                ErrorCode.ACCESS_UNTRUSTED,
                "1 have signed",
                () -> RULES.requireSignedAfter(
                        null, one.and(Rules.BERT).and(Rules.ANNA).and(Rules.EVE)));

        // Anna makes herself and a second account of hers approvers, and signs with both.
        AccessRules hers = AccessRules.parse(Rules.TEXT
                .replace("version: 1", "version: 2")
                .replace("roles: [backup-operator]", "roles: [backup-operator, approver]")
                .replace(
                        "people:\n",
                        "people:\n  eve: {key: \"" + Rules.EVE.signer().text() + "\", roles: [approver]}\n"));
        fails(
                ErrorCode.ACCESS_UNTRUSTED,
                "0 have signed",
                () -> hers.requireSignedAfter(
                        RULES, hers.unsigned().and(Rules.ANNA).and(Rules.EVE)));
        assertThat(hers.requireSignedAfter(
                        RULES, hers.unsigned().and(Rules.BERT).and(Rules.DORA)))
                .hasSize(2);
        fails(ErrorCode.ACCESS_OUTDATED, "has to be 2", () -> RULES.requireSignedAfter(RULES, two));
        fails(ErrorCode.ACCESS_OUTDATED, "has to be 1", () -> hers.requireSignedAfter(null, two));
        fails(ErrorCode.ACCESS_UNTRUSTED, "changed after", () -> hers.requireSignedAfter(RULES, two));
    }

    @Test
    void rulesOfRetentionAreHeldAgainstTheFloor() {
        RetentionFloor floor = java.util.Objects.requireNonNull(RULES.floor());
        String fourteenDays = String.valueOf(Duration.ofDays(14).toSeconds());

        assertThat(floor.isKeptBy(Map.of("daily", "30", "within", fourteenDays)))
                .isTrue();
        assertThat(floor.isKeptBy(Map.of("daily", "31", "within", "99999999", "yearly", "7")))
                .isTrue();
        assertThat(floor.isKeptBy(Map.of("daily", "29", "within", fourteenDays)))
                .isFalse();
        assertThat(floor.isKeptBy(Map.of("daily", "30", "within", "1"))).isFalse();
        assertThat(floor.isKeptBy(Map.of("daily", "many"))).isFalse();
        assertThat(floor.isKeptBy(Map.of())).isFalse();
        assertThat(floor.text()).isEqualTo("daily=30, within=336h");
        assertThat(floor.counts()).containsExactly(Map.entry("daily", 30));
    }
}
