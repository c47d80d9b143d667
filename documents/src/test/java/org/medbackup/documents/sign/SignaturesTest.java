package org.medbackup.documents.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;
import org.medbackup.documents.sign.Signatures.Made;

class SignaturesTest {

    /** RFC 8032, 7.1, the first test, as PKCS#8 and as its public half. */
    private static final String RFC8032 = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    private static final String RFC8032_PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static final String DOMAIN = "mb/policy/v1";
    private static final String DIGEST = "cd".repeat(32);
    private static final SigningKey ONE = key(1);
    private static final SigningKey TWO = key(2);

    private static SigningKey key(int filling) {
        return SigningKey.generate(target -> java.util.Arrays.fill(target, (byte) filling));
    }

    private static Signer named(String name, SigningKey key) {
        return Signer.parse(name, key.signer().text());
    }

    private static void isNoKey(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE));
    }

    @Test
    void aKeyFileIsReadAgainAndHasThePublicHalfOfTheStandard() {
        SigningKey read = SigningKey.parse(RFC8032);

        assertThat(read.pem()).isEqualTo(RFC8032);
        assertThat(read.signer().id())
                .isEqualTo(Signer.parse("rfc", RFC8032_PUBLIC).id())
                .matches("[0-9a-f]{16}");
        assertThat(SigningKey.parse(SigningKey.generate(Entropy.system()).pem()).pem())
                .startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void aPublicKeyIsReadFromPemAndFromBase64WithItsHeadAndWithout() {
        String encoded = ONE.signer().text();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
        byte[] raw = java.util.Arrays.copyOfRange(Base64.getDecoder().decode(encoded), 12, 44);

        assertThat(List.of(
                        Signer.parse("a", encoded),
                        Signer.parse("a", pem),
                        Signer.parse("a", Base64.getEncoder().encodeToString(raw))))
                .extracting(Signer::id)
                .containsOnly(ONE.signer().id());
    }

    @Test
    void whatIsNoKeyIsSaidToBeNone() {
        isNoKey(() -> SigningKey.parse("secret"));
        isNoKey(() -> SigningKey.parse(RFC8032.replace("MC4C", "MC4D")));
        isNoKey(() -> Signer.parse("a", "no key"));
        isNoKey(() -> Signer.parse("a", "AAAA"));
    }

    @Test
    void eachOfThoseWhoMayAndHaveSignedIsNamedOnce() {
        Signatures none = Signatures.none(DOMAIN, DIGEST, 3);
        Signatures both = none.and(ONE).and(TWO).and(ONE);

        assertThat(both.signatures()).hasSize(2);
        assertThat(both.digest()).isEqualTo(DIGEST);
        assertThat(both.version()).isEqualTo(3);
        assertThat(ONE.signer().key().getAlgorithm()).isEqualTo("EdDSA");
        assertThat(Signatures.parse(DOMAIN, both.text())).isEqualTo(both);
        assertThat(both.signers(List.of(named("anne", ONE), named("bert", TWO), named("again", ONE))))
                .extracting(Signer::name)
                .containsExactly("anne", "bert");
        assertThat(none.signers(List.of(named("anne", ONE)))).isEmpty();
        assertThat(both.signers(List.of(named("cora", key(3))))).isEmpty();
    }

    /** The signature is the one that OpenSSL makes of the same text with the same key. */
    @Test
    void asTheFormatIsWrittenItStays() {
        Signatures signed = new Signatures(DOMAIN, "ab".repeat(32), 7, List.of()).and(SigningKey.parse(RFC8032));

        assertThat(signed.text())
                .isEqualTo("{\"digest\":\"" + "ab".repeat(32) + "\",\"signatures\":[{\"key\":\""
                        + Signer.parse("", RFC8032_PUBLIC).id() + "\",\"signature\":\""
                        + "Xe2Gehk1pOJyePxosnPoDqWY/G8EZgzxPCiY/LUeWhDIWT+1T4w8GsjMFqbCFMsklO5g3vZDQyLe37turfu0DQ=="
                        + "\"}],\"version\":7}\n");
    }

    @Test
    void aSignatureHoldsForNothingElse() {
        Signatures signed = Signatures.none(DOMAIN, DIGEST, 3).and(ONE);
        List<Signer> trusted = List.of(named("anne", ONE));
        String other = "ef".repeat(32);

        assertThat(signed.areOf(DIGEST, 3)).isTrue();
        assertThat(signed.areOf(other, 3)).isFalse();
        assertThat(signed.areOf(DIGEST, 4)).isFalse();
        assertThat(new Signatures(DOMAIN, other, 3, signed.signatures()).signers(trusted))
                .as("a signature that was taken from another document")
                .isEmpty();
        assertThat(new Signatures(DOMAIN, DIGEST, 4, signed.signatures()).signers(trusted))
                .as("of another version")
                .isEmpty();
        assertThat(new Signatures("mb/access/v1", DIGEST, 3, signed.signatures()).signers(trusted))
                .as("of another kind")
                .isEmpty();
        Made made = signed.signatures().getFirst();
        assertThat(new Signatures(DOMAIN, DIGEST, 3, List.of(new Made(made.key(), "no base64 at all")))
                        .signers(trusted))
                .isEmpty();
        assertThat(new Signatures(
                                DOMAIN, DIGEST, 3, List.of(new Made(TWO.signer().id(), made.signature())))
                        .signers(List.of(named("bert", TWO))))
                .as("another one's signature")
                .isEmpty();
    }

    @Test
    void malformedSignaturesAreSaidToBe() {
        for (String malformed : List.of(
                "",
                "[]",
                "{}",
                "{\"digest\":\"a\",\"version\":99999999999,\"signatures\":[]}",
                "{\"signatures\":[1]}")) {
            assertThatThrownBy(() -> Signatures.parse(DOMAIN, malformed))
                    .as(malformed)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
