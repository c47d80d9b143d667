package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.store.gcs.Scripted.NAME;
import static org.medbackup.store.gcs.Scripted.catching;
import static org.medbackup.store.gcs.Scripted.found;
import static org.medbackup.store.gcs.ScriptedServer.CUT;
import static org.medbackup.store.gcs.ScriptedServer.answer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.FakeGoogle;
import org.medbackup.testkit.FakeGoogleTokens;
import org.medbackup.testkit.SilentServer;

/** Which credentials are taken, how tokens are had by them, and that none of it is ever shown. */
class AccessTest {

    private static final TimeSource TIME = TimeSource.system();
    private static final GcsLocation PLACE =
            new GcsLocation("ward-3.vault", "", URI.create("https://storage.googleapis.com"), GcsLocation.Lock.NONE);

    @TempDir
    Path folder;

    private Path key(String tokens) throws IOException {
        try (FakeGoogle google = FakeGoogle.start()) {
            Path file = google.tokens().writeKey(folder.resolve("key.json"));
            String text = Files.readString(file);
            return Files.writeString(file, text.replace(google.endpoint() + "/token", tokens));
        }
    }

    private static Access access(Map<String, String> environment) {
        return Access.of(PLACE, environment::get, TIME);
    }

    private Access file(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("some.json"), content);
        return access(Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()));
    }

    /** What a store makes of an answer to its question for a token; the service itself answers nothing. */
    private BackupException tokenFailure(String... script) throws IOException {
        try (var tokens = new ScriptedServer(script);
                var service = new ScriptedServer();
                GcsStore store = store(service.endpoint(), key(tokens.endpoint() + "/token"))) {
            BackupException failure = catching(() -> store.length(NAME));
            assertThat(service.requests()).isEmpty();
            assertThat(tokens.requests()).containsOnly("POST /token");
            assertThat(failure.describe()).doesNotContain("canary", "assertion");
            assertThat(failure).hasNoCause();
            return failure;
        }
    }

    private static GcsStore store(String endpoint, Path key) {
        return Scripted.store(endpoint, Map.of("GOOGLE_APPLICATION_CREDENTIALS", key.toString()));
    }

    private static GcsStore store(Access access) {
        return new GcsStore(
                PLACE,
                new Wire(access, Silence.of(Duration.ofSeconds(2)), Throttle.none(), TIME),
                TIME,
                target -> {},
                1);
    }

    @Test
    void aBucketsOwnKeyComesBeforeTheGeneralOneAndAKeyBeforeTheMachine() throws Exception {
        Map<String, String> environment = new HashMap<>();
        assertThat(access(environment)).isInstanceOf(Tokens.class);

        environment.put("GOOGLE_APPLICATION_CREDENTIALS", "/no/such/canary");
        assertThat(access(environment))
                .isEqualTo(
                        new Access.Unusable("the key file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read"));
        environment.put(
                "GOOGLE_APPLICATION_CREDENTIALS_WARD_3_VAULT",
                key("https://tokens.example/token").toString());
        assertThat(access(environment)).isInstanceOf(Tokens.class);
    }

    @Test
    void onlyAnEmulatorOnThisMachineIsAskedWithoutCredentials() {
        var emulator = new GcsLocation("vault", "", URI.create("http://127.0.0.1:4443"), GcsLocation.Lock.NONE);

        assertThat(Access.of(emulator, name -> " ", TIME)).isEqualTo(new Access.Open());
        assertThat(Access.of(emulator, name -> "/no/such\0file", TIME)).isInstanceOf(Access.Unusable.class);
    }

    @Test
    void aFileThatIsNoKeyIsNotUsedAndNotQuoted() throws Exception {
        String key = Files.readString(key("https://tokens.example/token"));
        for (String content : List.of(
                "canary",
                "{\"type\":\"canary\"}",
                "{\"type\":\"authorized_user\",\"refresh_token\":\"canary\"}",
                "{\"type\":\"service_account\",\"token_uri\":\"https://canary.example\"}",
                key.replace("BEGIN PRIVATE KEY-----\\n", "BEGIN PRIVATE KEY-----\\ncanary"),
                key.replace("https://tokens.example", "http://canary.example"),
                key.replace("https://tokens.example", "https://canary@tokens.example"),
                key.replace("https://tokens.example/token", "not an address, canary"))) {
            try (GcsStore store = store(file(content))) {
                BackupException failure = catching(() -> store.length(NAME));
                assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
                assertThat(failure.context()).containsEntry("cause", "credentials");
                assertThat(failure.describe())
                        .contains("GOOGLE_APPLICATION_CREDENTIALS")
                        .doesNotContain("canary");
            }
        }
        assertThat(access(Map.of("GCE_METADATA_HOST", "canary/with?a=path"))).isInstanceOf(Access.Unusable.class);
    }

    @Test
    void nothingThatIsSecretStandsInAText() throws Exception {
        ServiceAccount account =
                ServiceAccount.of(Files.readString(key("https://tokens.example/token")), GcsLocation.Lock.NONE);

        assertThat(account).hasToString("ServiceAccount[" + FakeGoogleTokens.ACCOUNT + "]");
        assertThat(account.request(TIME.now())).hasToString("Request[]");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, STORE_DENIED",
        "401, unauthorized_client, STORE_DENIED",
        "403, access_denied, STORE_DENIED",
        "429, rate_limit_exceeded, STORE_UNAVAILABLE",
        "503, unavailable, STORE_UNAVAILABLE",
    })
    void eachRefusalOfATokenHasItsCode(int status, String said, ErrorCode expected) throws Exception {
        String body = "{\"error\":\"" + said + "\",\"error_description\":\"canary\"}";
        BackupException failure = tokenFailure(answer(status, body));

        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.context())
                .containsEntry("http", Integer.toString(status))
                .containsEntry("said", said);
    }

    @Test
    void aClockThatIsFarOffIsToldFromAWrongKey() throws Exception {
        assertThat(tokenFailure(answer(400, "", "Date: Wed, 21 Oct 2015 07:28:00 GMT"))
                        .code())
                .isEqualTo(ErrorCode.CLOCK_UNUSABLE);
        assertThat(tokenFailure(answer(400, "", "Date: yesterday")).code()).isEqualTo(ErrorCode.STORE_DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "canary",
                "{}",
                "{\"access_token\":\"canary\"}",
                "{\"access_token\":\"canary\\nwith: more\",\"expires_in\":3599}",
                "{\"access_token\":7,\"expires_in\":3599}",
            })
    void anAnswerWithoutATokenIsNoneAndNotQuoted(String body) throws Exception {
        assertThat(tokenFailure(answer(200, body))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void whereNoTokenIsHadThePutIsNeverSent() throws Exception {
        assertThat(tokenFailure(CUT).context()).containsEntry("cause", "SocketException");
        try (SilentServer silent = SilentServer.start();
                var service = new ScriptedServer();
                GcsStore store = store(service.endpoint(), key("http://127.0.0.1:" + silent.port() + "/token"))) {
            assertThat(catching(() -> Scripted.putOne(store)).context())
                    .containsEntry("cause", "SocketTimeoutException");
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void thoseWhoWaitForATokenThatAnotherAsksForInVainDoNotWaitForItAgain() throws Exception {
        int callers = 5;
        try (SilentServer silent = SilentServer.start();
                var service = new ScriptedServer();
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                GcsStore store = store(service.endpoint(), key("http://127.0.0.1:" + silent.port() + "/token"))) {
            long begun = TIME.nanos();
            var start = new CountDownLatch(callers);
            List<Future<BackupException>> failures = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                failures.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    return catching(() -> store.length(NAME));
                }));
            }
            for (Future<BackupException> failure : failures) {
                assertThat(failure.get()).isInstanceOf(UnavailableException.class);
            }
            assertThat(TIME.since(begun)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void whoIsInterruptedWhileAnotherAsksForATokenIsCancelled() throws Exception {
        try (SilentServer silent = SilentServer.start();
                var service = new ScriptedServer();
                GcsStore store = store(service.endpoint(), key("http://127.0.0.1:" + silent.port() + "/token"))) {
            Thread asking = Thread.startVirtualThread(() -> catching(() -> store.length(NAME)));
            Thread.currentThread().interrupt();
            assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.interrupted()).isTrue();
            asking.join();
        }
    }

    @Test
    void aMachineWithoutAnAccountOrElsewhereHasNoCredentials() throws Exception {
        try (var metadata = new ScriptedServer(answer(404, ""), answer(503, ""), CUT)) {
            String host = metadata.endpoint().replace("http://", "");
            Access machine = access(Map.of("GCE_METADATA_HOST", host));
            try (GcsStore store = store(machine)) {
                BackupException none = catching(() -> store.length(NAME));
                assertThat(none.code()).isEqualTo(ErrorCode.STORE_DENIED);
                assertThat(none.context()).containsEntry("cause", "credentials");
                assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                assertThat(metadata.header(0, "metadata-flavor")).isEqualTo("Google");
            }
        }
        for (String host : List.of("metadata.invalid", "127.0.0.1:" + SilentServer.absentPort())) {
            try (GcsStore store = store(access(Map.of("GCE_METADATA_HOST", host)))) {
                assertThat(catching(() -> store.length(NAME)).context()).containsEntry("cause", "credentials");
            }
        }
    }

    @Test
    void aTokenGoesToTheServiceInAHeaderAlone() throws Exception {
        try (FakeGoogle google = FakeGoogle.start();
                var service = new ScriptedServer(found(new byte[7]));
                GcsStore store = store(service.endpoint(), google.tokens().writeKey(folder.resolve("key.json")))) {
            assertThat(store.length(NAME)).hasValue(7);

            assertThat(service.header(0, "authorization")).isEqualTo("Bearer canary-token-1");
            assertThat(service.requests().getFirst()).doesNotContain("canary");
        }
    }

    @Test
    void anAssertionOfAnotherKeyIsRefused() throws Exception {
        try (FakeGoogle google = FakeGoogle.start()) {
            Path file = google.tokens().writeKey(folder.resolve("key.json"));
            Files.writeString(file, Files.readString(file).replace("canary-key-id", "canary-other-key"));
            try (GcsStore store = store(google.endpoint(), file)) {
                assertThatThrownBy(() -> store.length(NAME)).isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
                    assertThat(failure.context()).containsEntry("said", "invalid_grant");
                });
            }
        }
    }
}
