package org.medbackup.identity.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import org.medbackup.core.error.ErrorCode;

/** The public keys of a provider: a JSON Web Key Set (RFC 7517) in a file, or at an address with https. */
final class ProviderKeys {

    private static final int LONGEST = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private ProviderKeys() {}

    static JWKSet read(String place) {
        String text = place.startsWith("https://") ? fetched(URI.create(place)) : inFile(Path.of(place));
        try {
            return JWKSet.parse(text);
        } catch (ParseException none) {
            throw OidcTokens.unproven("the provider's keys are no key set", none);
        }
    }

    private static String inFile(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw ErrorCode.IDENTITY_UNPROVEN
                    .because("the file of the provider's keys cannot be read", unreadable)
                    .with("file", file);
        }
    }

    private static String fetched(URI address) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(address).timeout(PATIENCE).build(), BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] read = body.readNBytes(LONGEST);
                if (answer.statusCode() != OK) {
                    throw OidcTokens.unproven("the provider answers " + answer.statusCode() + " for its keys", null);
                }
                return new String(read, StandardCharsets.UTF_8);
            }
        } catch (IOException away) {
            throw OidcTokens.unproven("the provider cannot be reached for its keys", away);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while the provider's keys were fetched", interrupted);
        }
    }
}
