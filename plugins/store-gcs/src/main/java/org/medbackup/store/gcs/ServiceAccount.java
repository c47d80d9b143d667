package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/**
 * A service account with a key of its own, which signs what it asks for tokens with (RFC 7523).
 *
 * @param email name of the account
 * @param keyId name of the key
 * @param key signs
 * @param tokens where tokens are asked for
 * @param scope of what tokens are asked for
 */
record ServiceAccount(String email, String keyId, PrivateKey key, URI tokens, String scope) implements Issuer {

    private static final String SCOPES = "https://www.googleapis.com/auth/devstorage.";

    /** Objects are made, read, listed and deleted; their rights are not changed. Only who changes a retention needs more. */
    private static String scope(GcsLocation.Lock lock) {
        return SCOPES + (lock == GcsLocation.Lock.NONE ? "read_write" : "full_control");
    }

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Duration LIFE = Duration.ofHours(1);
    /** What is signed for a time that is further off is refused. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    /** A file is no key of a service account. The message says what it is instead, and quotes nothing. */
    static final class NoKeyException extends Exception {

        private static final long serialVersionUID = 1L;

        NoKeyException(String what) {
            super(what);
        }
    }

    /**
     * Reads a key file as Google gives it out.
     *
     * @param lock what is done with it
     *
     * @throws NoKeyException where it is none
     */
    static ServiceAccount of(String file, GcsLocation.Lock lock) throws NoKeyException {
        try {
            JsonValue.Members members = Json.parseMembers(file);
            if (!members.text("type").equals("service_account")) {
                throw new NoKeyException("no key of a service account, and other credentials are not supported");
            }
            URI tokens = URI.create(members.text("token_uri"));
            if (!GcsLocation.isSafe(tokens) || tokens.getHost() == null || tokens.getRawUserInfo() != null) {
                throw new NoKeyException("a key whose tokens are not to be had over https");
            }
            return new ServiceAccount(
                    members.text("client_email"),
                    members.text("private_key_id"),
                    key(members.text("private_key")),
                    tokens,
                    scope(lock));
        } catch (JsonException | IllegalArgumentException | GeneralSecurityException unreadable) {
            throw new NoKeyException("no key of a service account");
        }
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String bare = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
        byte[] bytes = Base64.getMimeDecoder().decode(bare);
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    @Override
    public Request request(Instant now) {
        String form = "grant_type=" + Ask.encoded(GRANT) + "&assertion=" + assertion(now);
        byte[] bytes = form.getBytes(UTF_8);
        Ask ask = new Ask("POST", tokens).header("content-type", "application/x-www-form-urlencoded");
        return new Request(ask, Body.of(bytes, bytes.length));
    }

    private String assertion(Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", email);
        claims.put("scope", scope);
        claims.put("aud", tokens.toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(LIFE).getEpochSecond());
        String signed = part(Map.of("alg", "RS256", "typ", "JWT", "kid", keyId)) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("an RSA key signs", impossible);
        }
    }

    private static String part(Map<String, ?> members) {
        return encoded(Json.write(JsonValue.of(members)).getBytes(UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 400 says that an account or a key is gone, or that the time which is signed is not now. */
    @Override
    public BackupException refusal(Answer answer) {
        if (answer.status() == 400 || answer.status() == 401 || answer.status() == 403) {
            String reason = answer.reason();
            BackupException refused = isSkewed(answer)
                    ? ErrorCode.CLOCK_UNUSABLE.because("Google's clock and this one differ by more than it allows")
                    : ErrorCode.STORE_DENIED.because("no token is given for the service account's key");
            refused.with("http", answer.status());
            return reason.isEmpty() ? refused : refused.with("said", reason);
        }
        return Failures.of(answer, "get a token");
    }

    private static boolean isSkewed(Answer answer) {
        return answer.header("Date")
                .map(date -> {
                    try {
                        Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
                        return Duration.between(theirs, answer.received()).abs().compareTo(SKEW) > 0;
                    } catch (DateTimeException noDate) {
                        return false;
                    }
                })
                .orElse(false);
    }

    @Override
    public String toString() {
        return "ServiceAccount[" + email + "]";
    }
}
