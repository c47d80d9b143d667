package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/**
 * Gives out tokens as Google does: for what a service account signed with its key, and as the metadata server of a machine.
 * Safe for use by several threads.
 */
public final class FakeGoogleTokens {

    /** The service account whose key {@link #writeKey} writes. */
    public static final String ACCOUNT = "backup@clinic.iam.gserviceaccount.com";

    private static final String TOKEN = "/token";
    private static final String MACHINE = "/computeMetadata/v1/instance/service-accounts/default/token";
    private static final String SCHEME = "Bearer ";
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final KeyPair KEY = pair();

    private final String endpoint;
    private int given;
    private volatile boolean mayChange;
    private boolean revoked;
    private long lifetime = 3599;

    FakeGoogleTokens(String endpoint) {
        this.endpoint = endpoint;
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The private key as it stands in a key file. */
    public static String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(KEY.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** Writes the key file of the service account. */
    public Path writeKey(Path file) {
        try {
            return Files.writeString(
                    file,
                    "{\"type\":\"service_account\",\"project_id\":\"clinic\",\"private_key_id\":\"canary-key-id\","
                            + "\"private_key\":\"" + pem().replace("\n", "\\n") + "\",\"client_email\":\"" + ACCOUNT
                            + "\",\"client_id\":\"1\",\"token_uri\":\"" + endpoint + TOKEN + "\"}");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** How many were given out. */
    public synchronized int given() {
        return given;
    }

    /** For how many seconds those from now on hold. */
    public synchronized void lifetime(long seconds) {
        lifetime = seconds;
    }

    /** No token that was given out is good any more. */
    public synchronized void revoke() {
        revoked = true;
    }

    synchronized boolean isGood(@Nullable String authorization) {
        return !revoked && given > 0 && (SCHEME + token()).equals(authorization);
    }

    private String token() {
        return "canary-token-" + given;
    }

    boolean serves(HttpExchange exchange) {
        return isMachine(exchange) || exchange.getRequestURI().getPath().equals(TOKEN);
    }

    boolean isMachine(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().equals(MACHINE);
    }

    boolean isEntitled(HttpExchange exchange, String form) {
        return isMachine(exchange)
                ? "Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"))
                : isSigned(URLDecoder.decode(form, UTF_8));
    }

    /** A new token; older ones are good no more. */
    synchronized String give() {
        given++;
        revoked = false;
        return "{\"access_token\":\"%s\",\"expires_in\":%d,\"token_type\":\"Bearer\"}".formatted(token(), lifetime);
    }

    private boolean isSigned(String form) {
        String[] parts = form.replaceAll(".*&assertion=", "").split("\\.");
        if (!form.startsWith("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&") || parts.length != 3) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(KEY.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims(decoded(parts[0]), decoded(parts[1]));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false;
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }

    private boolean claims(String header, String claims) {
        Instant issued = Instant.ofEpochSecond(number(claims, "iat"));
        long life = number(claims, "exp") - number(claims, "iat");
        boolean isNow =
                Duration.between(issued, TimeSource.system().now()).abs().compareTo(SKEW) < 0;
        return header.contains("\"alg\":\"RS256\"")
                && header.contains("\"kid\":\"canary-key-id\"")
                && claims.contains("\"iss\":\"" + ACCOUNT + "\"")
                && claims.contains("\"aud\":\"" + endpoint + TOKEN + "\"")
                && hasScope(claims)
                && isNow
                && life > 0
                && life <= 3600;
    }

    private boolean hasScope(String claims) {
        mayChange = claims.contains("\"scope\":\"https://www.googleapis.com/auth/devstorage.full_control\"");
        return mayChange || claims.contains("\"scope\":\"https://www.googleapis.com/auth/devstorage.read_write\"");
    }

    /** Whether the last token is good for changing what is known of an object. */
    boolean mayChange() {
        return mayChange;
    }

    private static long number(String claims, String name) {
        Matcher number = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(claims);
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }
}
