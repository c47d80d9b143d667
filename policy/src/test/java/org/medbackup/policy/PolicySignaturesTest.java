package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.PolicySignatures.Made;

class PolicySignaturesTest {

    /** RFC 8032, 7.1, the first test, as PKCS#8 and as its public half. */
    private static final String RFC8032 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    private static final String RFC8032_PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static final Policy POLICY = BuiltInPolicy.HOSPITAL.policy();
    private static final PolicyKey ONE = key(1);
    private static final PolicyKey TWO = key(2);

    private static PolicyKey key(int filling) {
        return PolicyKey.generate(target -> java.util.Arrays.fill(target, (byte) filling));
    }

    private static PolicySigner named(String name, PolicyKey key) {
        return PolicySigner.parse(name, key.signer().text());
    }

    private static void isNoKey(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE));
    }

    @Test
    void aKeyFileIsReadAgainAndHasThePublicHalfOfTheStandard() {
        PolicyKey read = PolicyKey.parse(RFC8032);

        assertThat(read.pem()).isEqualTo(RFC8032);
        assertThat(read.signer().id())
                .isEqualTo(PolicySigner.parse("rfc", RFC8032_PUBLIC).id())
                .matches("[0-9a-f]{16}");
        assertThat(PolicyKey.parse(PolicyKey.generate(Entropy.system()).pem()).pem())
                .startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void aPublicKeyIsReadFromPemAndFromBase64WithItsHeadAndWithout() {
        String encoded = ONE.signer().text();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
        byte[] raw = java.util.Arrays.copyOfRange(Base64.getDecoder().decode(encoded), 12, 44);

        assertThat(List.of(
                        PolicySigner.parse("a", encoded),
                        PolicySigner.parse("a", pem),
                        PolicySigner.parse("a", Base64.getEncoder().encodeToString(raw))))
                .extracting(PolicySigner::id)
                .containsOnly(ONE.signer().id());
    }

    @Test
    void whatIsNoKeyIsSaidToBeNone() {
        isNoKey(() -> PolicyKey.parse("secret"));
        isNoKey(() -> PolicyKey.parse(RFC8032.replace("MC4C", "MC4D")));
        isNoKey(() -> PolicySigner.parse("a", "no key"));
        isNoKey(() -> PolicySigner.parse("a", "AAAA"));
    }

    @Test
    void eachOfThoseWhoMayAndHaveSignedIsNamedOnce() {
        PolicySignatures none = PolicySignatures.none(POLICY);
        PolicySignatures both = none.and(ONE).and(TWO).and(ONE);

        assertThat(both.signatures()).hasSize(2);
        assertThat(both.digest()).isEqualTo(POLICY.digest());
        assertThat(both.version()).isEqualTo(POLICY.version());
        assertThat(ONE.signer().key().getAlgorithm()).isEqualTo("EdDSA");
        assertThat(PolicySignatures.parse(both.text())).isEqualTo(both);
        assertThat(both.signers(POLICY, List.of(named("anne", ONE), named("bert", TWO), named("again", ONE))))
                .extracting(PolicySigner::name)
                .containsExactly("anne", "bert");
        assertThat(none.signers(POLICY, List.of(named("anne", ONE)))).isEmpty();
        assertThat(both.signers(POLICY, List.of(named("cora", key(3))))).isEmpty();
    }

    /** The signature is the one that OpenSSL makes of the same text with the same key. */
    @Test
    void asTheFormatIsWrittenItStays() {
        PolicySignatures signed = new PolicySignatures("ab".repeat(32), 7, List.of()).and(PolicyKey.parse(RFC8032));

        assertThat(signed.text())
                .isEqualTo("{\"digest\":\"" + "ab".repeat(32) + "\",\"signatures\":[{\"key\":\""
                        + PolicySigner.parse("", RFC8032_PUBLIC).id() + "\",\"signature\":\""
                        + "Xe2Gehk1pOJyePxosnPoDqWY/G8EZgzxPCiY/LUeWhDIWT+1T4w8GsjMFqbCFMsklO5g3vZDQyLe37turfu0DQ=="
                        + "\"}],\"version\":7}\n");
    }

    @Test
    void aSignatureHoldsForNothingElse() {
        Policy other = Policy.parse(BuiltInPolicy.HOSPITAL.text().replace("copies: 2}", "copies: 1}"));
        PolicySignatures signed = PolicySignatures.none(POLICY).and(ONE);
        List<PolicySigner> trusted = List.of(named("anne", ONE));

        assertThat(signed.areOf(POLICY)).isTrue();
        assertThat(signed.areOf(other)).isFalse();
        assertThat(signed.signers(other, trusted)).isEmpty();
        assertThat(new PolicySignatures(other.digest(), other.version(), signed.signatures()).signers(other, trusted))
                .as("a signature that was taken from another policy")
                .isEmpty();
        Made made = signed.signatures().getFirst();
        assertThat(new PolicySignatures(
                                POLICY.digest(), POLICY.version(), List.of(new Made(made.key(), "no base64 at all")))
                        .signers(POLICY, trusted))
                .isEmpty();
        assertThat(new PolicySignatures(
                                POLICY.digest(),
                                POLICY.version(),
                                List.of(new Made(TWO.signer().id(), made.signature())))
                        .signers(POLICY, List.of(named("bert", TWO))))
                .as("another one's signature")
                .isEmpty();
    }

    @Test
    void malformedSignaturesAreNotTrusted() {
        for (String malformed : List.of(
                "",
                "[]",
                "{}",
                "{\"digest\":\"a\",\"version\":99999999999,\"signatures\":[]}",
                "{\"signatures\":[1]}")) {
            assertThatThrownBy(() -> PolicySignatures.parse(malformed))
                    .as(malformed)
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.POLICY_UNTRUSTED));
        }
    }
}
