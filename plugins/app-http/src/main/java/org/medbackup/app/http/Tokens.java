package org.medbackup.app.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * Bearer tokens by OAuth 2 client credentials (RFC 6749, 4.4; the client authenticates as in 2.3.1). A token is kept until
 * shortly before it expires, or until it is refused. Safe for use by several threads.
 */
final class Tokens implements Api.Authorization {

    private static final Duration EARLY = Duration.ofSeconds(30);
    private static final Duration UNSAID = Duration.ofMinutes(5);

    private final Api api;
    private final TimeSource time;
    private final URI endpoint;
    private final String form;
    private final String pointer;
    private final String client;
    private final Secret secret;
    private @Nullable String token;
    private @Nullable Deadline validity;

    Tokens(Api api, TimeSource time, Connection connection) {
        this.api = api;
        this.time = time;
        this.endpoint = URI.create(connection.option("tokenUrl", ""));
        this.pointer = connection.option("token", "/access_token");
        this.client = connection.option("clientId", "");
        Secret given = connection.secret("clientSecret");
        if (client.isEmpty() || given == null) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("tokenUrl needs clientId and clientSecret");
        }
        this.secret = given;
        String scope = connection.option("scope", "");
        this.form = "grant_type=client_credentials" + (scope.isEmpty() ? "" : "&scope=" + encoded(scope));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String basic() {
        String password = secret.use(bytes -> encoded(new String(bytes, StandardCharsets.UTF_8)));
        byte[] pair = (encoded(client) + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public synchronized String header(Deadline deadline) {
        if (token == null || validity == null || validity.hasPassed()) {
            token = fetch(deadline);
        }
        return "Bearer " + token;
    }

    private String fetch(Deadline deadline) {
        var act = new Api.Act("token", "POST", endpoint, form, "application/x-www-form-urlencoded", "");
        var basic = new Api.Authorization() {
            @Override
            public String header(Deadline unused) {
                return basic();
            }

            @Override
            public void refused() {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("its token endpoint refuses the client's credentials");
            }
        };
        for (int attempt = 0; ; attempt++) {
            try {
                Answer answer = api.send(act, basic, deadline);
                validity = Deadline.after(time, lifetime(answer));
                return answer.at(pointer);
            } catch (Api.Lost lost) {
                // A second token does no harm.
                api.pause(Api.backoff(attempt), "token", deadline);
            }
        }
    }

    private static Duration lifetime(Answer answer) {
        String seconds = answer.find("/expires_in");
        Duration said =
                seconds != null && seconds.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(seconds)) : UNSAID;
        return said.compareTo(EARLY) > 0 ? said.minus(EARLY) : Duration.ZERO;
    }

    @Override
    public synchronized void refused() {
        token = null;
    }
}
