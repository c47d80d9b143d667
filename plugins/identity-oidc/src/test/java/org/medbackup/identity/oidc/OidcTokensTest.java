package org.medbackup.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.TokenVerifier;
import org.medbackup.core.spi.access.TokenVerifier.Expected;

class OidcTokensTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path temp;

    private final TokenVerifier tokens = new OidcTokens();
    private ECKey curve;
    private RSAKey rsa;
    private Expected expected;

    @BeforeEach
    void provider() throws JOSEException, IOException {
        curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        Path keys = Files.writeString(
                temp.resolve("keys.json"), new JWKSet(List.of(curve.toPublicJWK(), rsa.toPublicJWK())).toString());
        expected = new Expected("https://id.example", "medbackup", keys.toString());
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://id.example")
                .audience("medbackup")
                .subject("4711")
                .expirationTime(Date.from(NOW.plusSeconds(300)));
    }

    private static Secret signed(JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        token.sign(signer);
        return Secret.ofText(token.serialize());
    }

    private Secret byCurve(JWTClaimsSet claims) throws JOSEException {
        return signed(JWSAlgorithm.ES256, "curve", new ECDSASigner(curve), claims);
    }

    private static void unproven(String said, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, wrong -> {
            assertThat(wrong.code()).isEqualTo(ErrorCode.IDENTITY_UNPROVEN);
            assertThat(wrong).hasMessageContaining(said);
        });
    }

    @Test
    void aTokenOfTheProviderNamesItsSubject() throws JOSEException {
        assertThat(tokens.subject(byCurve(claims().build()), expected, NOW)).isEqualTo("4711");
        Secret byRsa = signed(JWSAlgorithm.RS256, "rsa", new RSASSASigner(rsa), claims().build());
        assertThat(tokens.subject(byRsa, expected, NOW)).isEqualTo("4711");
    }

    @Test
    void whatIsNotForUsOrNotNowIsRefused() throws JOSEException {
        Secret good = byCurve(claims().build());
        Secret later =
                byCurve(claims().notBeforeTime(Date.from(NOW.plusSeconds(200))).build());
        Secret nobody = byCurve(claims().subject(" ").build());
        Secret endless = byCurve(claims().expirationTime(null).build());

        unproven(
                "another provider",
                () -> tokens.subject(good, new Expected("https://other", "medbackup", expected.keys()), NOW));
        unproven(
                "for somebody else",
                () -> tokens.subject(good, new Expected(expected.issuer(), "mail", expected.keys()), NOW));
        unproven("has ended", () -> tokens.subject(good, expected, NOW.plusSeconds(361)));
        assertThat(tokens.subject(good, expected, NOW.plusSeconds(359)))
                .as("clocks may be a minute apart")
                .isEqualTo("4711");
        unproven("does not hold yet", () -> tokens.subject(later, expected, NOW));
        unproven("names nobody", () -> tokens.subject(nobody, expected, NOW));
        unproven("has ended", () -> tokens.subject(endless, expected, NOW));
    }

    @Test
    void whatSomebodyElseHasSignedIsRefused() throws JOSEException {
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        Secret forged = signed(JWSAlgorithm.ES256, "curve", new ECDSASigner(other), claims().build());
        Secret shared = signed(
                JWSAlgorithm.HS256,
                "rsa",
                new MACSigner(rsa.toPublicJWK().toString().substring(0, 64)),
                claims().build());
        Secret unsigned = Secret.ofText(new PlainJWT(claims().build()).serialize());

        unproven("not signed with a key of the provider", () -> tokens.subject(forged, expected, NOW));
        unproven("not signed with a key of the provider", () -> tokens.subject(shared, expected, NOW));
        unproven("no signed token", () -> tokens.subject(unsigned, expected, NOW));
        unproven("no signed token", () -> tokens.subject(Secret.ofText("secret words"), expected, NOW));
        assertThatThrownBy(() -> tokens.subject(Secret.ofText("secret.words.here"), expected, NOW))
                .as("nothing of it is told")
                .hasMessageNotContaining("words")
                .hasNoCause();
    }

    @Test
    void keysThatCannotBeHadProveNothing() throws JOSEException, IOException {
        Secret good = byCurve(claims().build());
        Path wrong = Files.writeString(temp.resolve("wrong.json"), "no keys");

        unproven(
                "cannot be read",
                () -> tokens.subject(
                        good,
                        new Expected(
                                expected.issuer(),
                                "medbackup",
                                temp.resolve("absent").toString()),
                        NOW));
        unproven(
                "no key set",
                () -> tokens.subject(good, new Expected(expected.issuer(), "medbackup", wrong.toString()), NOW));
        unproven(
                "cannot be reached",
                () -> tokens.subject(
                        good, new Expected(expected.issuer(), "medbackup", "https://127.0.0.1:1/keys"), NOW));
    }

    @Test
    void keysAreFetchedFromTheProviderAndAnAnswerThatIsNoneIsTold() throws Exception {
        Secret good = byCurve(claims().build());
        String keys = Files.readString(Path.of(expected.keys()));
        SSLContext before = SSLContext.getDefault();
        try (var provider = new KeyServer(temp.resolve("tls"), keys)) {
            SSLContext.setDefault(provider.trusting());
            var there = new Expected(expected.issuer(), "medbackup", provider.address("/keys"));

            assertThat(tokens.subject(good, there, NOW)).isEqualTo("4711");
            unproven(
                    "answers 404",
                    () -> tokens.subject(
                            good, new Expected(expected.issuer(), "medbackup", provider.address("/none")), NOW));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> tokens.subject(good, there, NOW))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            ended -> assertThat(ended.code()).isEqualTo(ErrorCode.CANCELLED));
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            SSLContext.setDefault(before);
        }
    }
}
