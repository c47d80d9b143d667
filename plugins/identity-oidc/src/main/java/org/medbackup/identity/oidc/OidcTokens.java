package org.medbackup.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.TokenVerifier;

/**
 * Proves tokens of a provider of OpenID Connect: JSON Web Tokens (RFC 7519), signed with one of the provider's keys by RSA or on a
 * curve of NIST. Tokens that are signed with a shared secret or not at all are none. Safe for use by several threads.
 */
public final class OidcTokens implements TokenVerifier {

    /** How far the clocks of the provider and of this host may be apart. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    @Override
    public String subject(Secret token, Expected expected, Instant now) {
        SignedJWT signed = parsed(token);
        JWKSet keys = ProviderKeys.read(expected.keys());
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier((claims, context) -> check(claims, expected, now));
        try {
            return processor.process(signed, null).getSubject();
        } catch (BadJWTException claim) {
            throw unproven(String.valueOf(claim.getMessage()), claim);
        } catch (KeySourceException keySource) {
            throw unproven("the provider's keys cannot be used", keySource);
        } catch (BadJOSEException | JOSEException forged) {
            throw unproven("it was not signed with a key of the provider", forged);
        }
    }

    private static SignedJWT parsed(Secret token) {
        try {
            return SignedJWT.parse(token.use(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
        } catch (ParseException none) {
            // The cause would show parts of the token.
            throw unproven("it is no signed token", null);
        }
    }

    private static void check(JWTClaimsSet claims, Expected expected, Instant now) throws BadJWTException {
        if (!expected.issuer().equals(claims.getIssuer())) {
            throw new BadJWTException("another provider has issued it");
        }
        if (!claims.getAudience().contains(expected.audience())) {
            throw new BadJWTException("it is for somebody else");
        }
        Date end = claims.getExpirationTime();
        if (end == null || end.toInstant().plus(SKEW).isBefore(now)) {
            throw new BadJWTException("it has ended");
        }
        Date begin = claims.getNotBeforeTime();
        if (begin != null && begin.toInstant().minus(SKEW).isAfter(now)) {
            throw new BadJWTException("it does not hold yet");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank()) {
            throw new BadJWTException("it names nobody");
        }
    }

    static BackupException unproven(String why, @Nullable Exception cause) {
        return ErrorCode.IDENTITY_UNPROVEN.because("of the token: " + why, cause);
    }
}
