package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.HttpReceiver;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** Webhooks, with a receiver that checks them as the manual says. */
class WebhookTest implements ChannelContract {

    private static final String SECRET = "canary-of-24-bytes-or-more";
    private static final String QUERY = "sig=canary-query";

    @TempDir
    Path temp;

    private final HttpReceiver receiver = HttpReceiver.start();
    private final HttpReceiver refuser = HttpReceiver.start();
    private final SilentServer silent = SilentServer.start();

    @AfterEach
    void stop() {
        receiver.close();
        refuser.close();
        silent.close();
    }

    private static Connection at(int port) {
        var options = new TreeMap<>(Map.of("tls", "none", "timeout", "20"));
        return new Connection(
                URI.create("webhook://127.0.0.1:" + port + "/hooks/medbackup"),
                options,
                Map.of("secret", Secret.ofText(SECRET), "query", Secret.ofText(QUERY)));
    }

    private static Connection within(Connection like, int seconds) {
        var options = new TreeMap<>(like.options());
        options.put("timeout", Integer.toString(seconds));
        return new Connection(like.address(), options, like.secrets());
    }

    @Override
    public ChannelProvider provider() {
        return new WebhookProvider();
    }

    @Override
    public Connection taking() {
        return at(receiver.port());
    }

    @Override
    public List<String> arrived(String incident) {
        return receiver.taken().stream()
                .map(Requests::json)
                .filter(json -> json.text("incident").equals(incident))
                .map(json -> json.text("title"))
                .toList();
    }

    @Override
    public int count() {
        return receiver.taken().size();
    }

    @Override
    public Connection refusing() {
        refuser.judge(request -> 403);
        return at(refuser.port());
    }

    @Override
    public Connection silent() {
        return within(at(silent.port()), 1);
    }

    @Override
    public Connection absent() {
        return within(at(SilentServer.absentPort()), 2);
    }

    @Override
    public List<String> secrets() {
        return List.of(SECRET, QUERY, "canary");
    }

    private static Notification some(String title) {
        return ChannelContract.notification("target-7f3a", Kind.OPENED, Severity.CRITICAL, title);
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    /** HMAC as RFC 2104 defines it, out of nothing but the hash. */
    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] block = Arrays.copyOf(key.length > 64 ? sha.digest(key) : key, 64);
        byte[] inner = block.clone();
        byte[] outer = block.clone();
        for (int i = 0; i < 64; i++) {
            inner[i] ^= 0x36;
            outer[i] ^= 0x5c;
        }
        sha.update(inner);
        byte[] sum = sha.digest(text);
        sha.update(outer);
        return sha.digest(sum);
    }

    private static String signature(byte[] key, HttpReceiver.Request request) throws GeneralSecurityException {
        String signed = request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + request.text();
        return "v1," + Base64.getEncoder().encodeToString(hmac(key, signed.getBytes(UTF_8)));
    }

    @Test
    void theDocumentIsTheOneOfTheManual() throws IOException {
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(new Notification(
                    "target-unreachable-7f3a",
                    Kind.OPENED,
                    Severity.CRITICAL,
                    "target-unreachable",
                    "The backup target does not answer",
                    "ward-3.clinic.example",
                    "archive",
                    List.of("laboratory", "pacs"),
                    Instant.parse("2026-11-26T00:00:00Z"),
                    Instant.parse("2026-11-26T02:10:00Z"),
                    Instant.parse("2026-11-26T05:30:00Z"),
                    "It was asked 14 times.",
                    null,
                    "Look whether it runs: `medbackup target probe archive`."));
        }
        HttpReceiver.Request request = receiver.taken().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/hooks/medbackup?" + QUERY);
        assertThat(request.header("content-type")).isEqualTo("application/json");
        Path manual = Path.of(System.getProperty("medbackup.root"), "docs/notifications.md");
        String shown = Files.readString(manual).split("```json\n", -1)[1].split("```", -1)[0];
        assertThat(Requests.json(request)).isEqualTo(Json.parseMembers(shown));
    }

    @Test
    void aReceiverCanCheckWhoSentItAndWhen() throws GeneralSecurityException {
        var time = new ManualTime(Instant.parse("2026-11-26T03:00:00Z"));
        try (NotificationChannel channel = provider().open(taking(), time)) {
            channel.send(some("ä"));
        }
        HttpReceiver.Request request = receiver.taken().getFirst();
        assertThat(request.header("webhook-timestamp")).isEqualTo("1795662000");
        assertThat(request.header("webhook-signature")).isEqualTo(signature(SECRET.getBytes(UTF_8), request));
    }

    @Test
    void aSecretMayBeGivenAsOtherToolsGiveIt() throws GeneralSecurityException {
        byte[] key = "0123456789abcdef01234567\u0000".getBytes(UTF_8);
        String written = "whsec_" + Base64.getEncoder().encodeToString(key);
        var connection =
                new Connection(taking().address(), taking().options(), Map.of("secret", Secret.ofText(written)));
        try (NotificationChannel channel = provider().open(connection, TimeSource.system())) {
            channel.send(some("x"));
        }
        HttpReceiver.Request request = receiver.taken().getFirst();
        assertThat(request.target()).isEqualTo("/hooks/medbackup");
        assertThat(request.header("webhook-signature")).isEqualTo(signature(key, request));
    }

    @Test
    void withoutASecretNothingIsSigned() {
        var connection =
                new Connection(URI.create("webhook://127.0.0.1:" + receiver.port()), taking().options(), Map.of());
        try (NotificationChannel channel = provider().open(connection, TimeSource.system())) {
            channel.send(some("x"));
        }
        HttpReceiver.Request request = receiver.taken().getFirst();
        assertThat(request.headers()).doesNotContainKey("webhook-signature");
        assertThat(request.header("webhook-id")).startsWith("msg_");
    }

    @Test
    void whatIsRepeatedHasTheSameKeyAndNothingElseHas() {
        try (NotificationChannel first = provider().open(taking(), TimeSource.system());
                NotificationChannel second = provider().open(taking(), TimeSource.system())) {
            first.send(some("x"));
            second.send(some("x"));
            first.send(some("y"));
        }
        List<String> keys = receiver.taken().stream()
                .map(request -> request.header("idempotency-key"))
                .toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2)).matches("msg_[0-9a-f]{32}");
    }

    @Test
    void theReceiversNameForItIsKept() {
        receiver.with("X-Request-Id", "req-" + "x".repeat(300));
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            assertThat(channel.send(some("x"))).startsWith("req-xxx").endsWith("…");
        }
    }

    @Test
    void aReceiverThatIsBusyIsAskedLaterWhenItSaysSo() {
        for (int status : new int[] {429, 500, 503}) {
            receiver.judge(request -> status);
            try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
                BackupException failed = failure(() -> channel.send(some("x")));
                assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
                assertThat(failed.context())
                        .containsEntry("status", Integer.toString(status))
                        .doesNotContainKey("retryAfter");
            }
        }
        receiver.with("Retry-After", "120");
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            assertThat(failure(() -> channel.send(some("x"))).context()).containsEntry("retryAfter", "120");
        }
        var time = new ManualTime(Instant.parse("2026-11-26T03:00:00Z"));
        receiver.with(
                "Retry-After",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        time.now().plusSeconds(90).atOffset(ZoneOffset.UTC)));
        try (NotificationChannel channel = provider().open(taking(), time)) {
            assertThat(failure(() -> channel.send(some("x"))).context()).containsEntry("retryAfter", "90");
        }
    }

    @Test
    void aRedirectIsNotFollowedSinceTheBodyIsForThisServerAlone() {
        receiver.judge(request -> 307);
        receiver.with("Location", "http://127.0.0.1:" + refuser.port() + "/");
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            BackupException failed = failure(() -> channel.send(some("x")));
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
            assertThat(failed.describe()).contains("307", "redirects");
        }
        assertThat(refuser.taken()).isEmpty();
    }

    @Test
    void overTlsOnlyTheAuthorityThatWasNamedIsTrustedAndOnlyForItsName() {
        TlsIdentity right = TlsIdentity.make(temp.resolve("right"), TlsIdentity.LOOPBACK);
        TlsIdentity other = TlsIdentity.make(temp.resolve("other"), "SAN=dns:other.example");
        try (HttpReceiver secure = HttpReceiver.start(right.server());
                HttpReceiver misnamed = HttpReceiver.start(other.server())) {
            Connection plain = Connection.to(URI.create("webhook://127.0.0.1:" + secure.port() + "/"));
            try (NotificationChannel channel =
                    provider().open(plain.with("ca", right.certificate().toString()), TimeSource.system())) {
                channel.send(some("x"));
            }
            assertThat(secure.taken()).hasSize(1);
            Connection wrongName = Connection.to(URI.create("webhook://127.0.0.1:" + misnamed.port() + "/"));
            for (Connection untrusted : List.of(
                    plain,
                    plain.with("ca", other.certificate().toString()),
                    wrongName.with("ca", other.certificate().toString()))) {
                try (NotificationChannel channel = provider().open(untrusted, TimeSource.system())) {
                    BackupException failed = failure(() -> channel.send(some("x")));
                    assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
                    assertThat(failed.describe()).contains("certificate");
                }
            }
            assertThat(misnamed.taken()).isEmpty();
        }
    }

    @Test
    void aServerThatHangsUpIsTriedAgain() {
        try (SilentServer gone = SilentServer.hangingUp()) {
            Connection secure = Connection.to(URI.create("webhook://127.0.0.1:" + gone.port() + "/"));
            for (Connection each : List.of(secure, at(gone.port()))) {
                try (NotificationChannel channel = provider().open(each, TimeSource.system())) {
                    assertThat(failure(() -> channel.send(some("x"))).code())
                            .isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
                }
            }
        }
    }

    @Test
    void withoutTlsNobodySpeaksUnlessItIsSaid() {
        Connection secure = Connection.to(URI.create("webhook://127.0.0.1:" + receiver.port() + "/"))
                .with("timeout", "1");
        try (NotificationChannel channel = provider().open(secure, TimeSource.system())) {
            assertThat(failure(() -> channel.send(some("x"))).code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        }
        assertThat(receiver.taken()).isEmpty();
    }

    @Test
    void aSecretThatIsNoneIsRefusedAtOnceAndNotShown() {
        for (Map<String, Secret> wrong : List.of(
                Map.of("secret", Secret.ofText("canary-short")),
                Map.of("secret", Secret.ofText("whsec_canary!!")),
                Map.of("query", Secret.ofText("canary query")))) {
            var connection = new Connection(taking().address(), taking().options(), wrong);
            BackupException failed = failure(
                    () -> provider().open(connection, TimeSource.system()).close());
            assertThat(failed.code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            assertThat(failed.toCaller()).doesNotContain("canary");
            assertThat(failed.getCause()).isNull();
        }
    }

    @Test
    void manyMembersAreCounted() {
        Notification plain = some("x");
        var members = IntStream.range(0, 620).mapToObj(i -> "job-" + i).toList();
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(new Notification(
                    plain.incident(),
                    plain.kind(),
                    plain.severity(),
                    plain.failure(),
                    plain.title(),
                    plain.host(),
                    plain.resource(),
                    members,
                    plain.since(),
                    plain.time(),
                    null,
                    "",
                    null,
                    plain.remedy()));
        }
        JsonValue.Members json = Requests.json(receiver.taken().getFirst());
        assertThat(json.items("members")).hasSize(500);
        assertThat(json.whole("membersOmitted")).isEqualTo(120);
        assertThat(json.values().get("next")).isEqualTo(new JsonValue.Null());
        assertThat(json.values().get("protectedUntil")).isEqualTo(new JsonValue.Null());
    }
}
