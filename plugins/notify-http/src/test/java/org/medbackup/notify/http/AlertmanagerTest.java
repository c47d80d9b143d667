package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;

/** A real Alertmanager, which tells a receiver of ours what it would tell people. */
class AlertmanagerTest implements ChannelContract {

    private static final String PASSWORD = "canary-password";

    @TempDir
    Path temp;

    private final HttpReceiver people = HttpReceiver.start();
    private final HttpReceiver proxy = HttpReceiver.start();
    private final SilentServer silent = SilentServer.start();
    private final HttpClient client = HttpClient.newHttpClient();
    private LocalServer alertmanager;
    private int port;

    @BeforeEach
    void startAlertmanager() throws IOException {
        Path program = LocalServer.program("prometheus-alertmanager");
        Path config = Files.writeString(temp.resolve("alertmanager.yml"), """
                route:
                  receiver: people
                  group_by: [incident]
                  group_wait: 0s
                  group_interval: 1s
                receivers:
                  - name: people
                    webhook_configs:
                      - url: http://127.0.0.1:%d/
                """.formatted(people.port()));
        port = SilentServer.absentPort();
        alertmanager = LocalServer.start(
                temp.resolve("log"),
                List.of(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + temp.resolve("alerts"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address="),
                () -> LocalServer.answers(port));
    }

    @AfterEach
    void stop() {
        if (alertmanager != null) {
            alertmanager.close();
        }
        client.shutdownNow();
        people.close();
        proxy.close();
        silent.close();
    }

    private static Connection at(int port, int seconds) {
        return new Connection(
                URI.create("alertmanager://127.0.0.1:" + port + "/"),
                new TreeMap<>(Map.of("tls", "none", "timeout", Integer.toString(seconds), "user", "backup")),
                Map.of("password", Secret.ofText(PASSWORD)));
    }

    @Override
    public ChannelProvider provider() {
        return new AlertmanagerProvider();
    }

    @Override
    public Connection taking() {
        return at(port, 20);
    }

    private List<JsonValue.Members> alerts(String query) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts" + query))
                .build();
        try {
            JsonValue list =
                    Json.parse(client.send(request, BodyHandlers.ofString()).body());
            return ((JsonValue.Items) list)
                    .values().stream().map(JsonValue.Members.class::cast).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private List<JsonValue.Members> alertsOf(String incident) {
        return alerts("?filter=" + URLEncoder.encode("incident=\"" + incident + "\"", UTF_8));
    }

    @Override
    public List<String> arrived(String incident) {
        return alertsOf(incident).stream()
                .map(alert -> alert.members("annotations").text("summary"))
                .toList();
    }

    @Override
    public int count() {
        return alerts("").size();
    }

    @Override
    public Connection refusing() {
        proxy.judge(request -> 401);
        return at(proxy.port(), 20);
    }

    @Override
    public Connection silent() {
        return at(silent.port(), 1);
    }

    @Override
    public Connection absent() {
        return at(SilentServer.absentPort(), 2);
    }

    @Override
    public List<String> secrets() {
        return List.of("canary");
    }

    /** Alertmanager compares with the clock. */
    private static Notification now(Kind kind, Severity severity) {
        Notification plain = ChannelContract.notification("target-1", kind, severity, "No answer");
        Instant now = TimeSource.system().now().truncatedTo(ChronoUnit.MILLIS);
        return new Notification(
                plain.incident(),
                kind,
                severity,
                plain.failure(),
                plain.title(),
                plain.host(),
                plain.resource(),
                plain.members(),
                now.minusSeconds(60),
                now,
                null,
                "",
                null,
                plain.remedy());
    }

    /** What people were told last. */
    private List<String> told(String status) {
        return Requests.json(people.taken().getLast()).items("alerts").stream()
                .map(JsonValue.Members.class::cast)
                .filter(alert -> alert.text("status").equals(status))
                .map(alert -> alert.members("labels").text("severity"))
                .toList();
    }

    private void assertSoonTold(List<String> firing, List<String> resolved) {
        assertThat(LocalServer.await(() -> !people.taken().isEmpty()
                        && told("firing").equals(firing)
                        && told("resolved").equals(resolved)))
                .as("firing %s, resolved %s", firing, resolved)
                .isTrue();
    }

    @Test
    void anIncidentIsOneAlertThatRisesAndEnds() {
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(now(Kind.OPENED, Severity.ERROR));
            assertSoonTold(List.of("error"), List.of());
            channel.send(now(Kind.RAISED, Severity.CRITICAL));
            assertSoonTold(List.of("critical"), List.of("error"));
            channel.send(now(Kind.RESOLVED, Severity.CRITICAL));
            assertSoonTold(List.of(), List.of("critical"));
        }
        assertThat(alertsOf("target-1")).isEmpty();
    }

    @Test
    void whatItIsAboutIsInLabelsAndWhatToDoInAnnotations() {
        Notification said = now(Kind.OPENED, Severity.WARNING);
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(said);
        }
        JsonValue.Members alert = alertsOf("target-1").getFirst();
        assertThat(alert.members("labels"))
                .isEqualTo(JsonValue.of(new TreeMap<>(Map.of(
                        "alertname",
                        "MedBackupIncident",
                        "job",
                        "medbackup",
                        "instance",
                        "ward-3.clinic.example",
                        "incident",
                        "target-1",
                        "failure",
                        "target-unreachable",
                        "resource",
                        "archive",
                        "severity",
                        "warning"))));
        assertThat(alert.members("annotations").text("description")).contains("What to do", "Since");
        assertThat(alert.members("annotations").text("state")).isEqualTo("opened");
        assertThat(Instant.parse(alert.text("startsAt"))).isEqualTo(said.since());
        assertThat(Instant.parse(alert.text("endsAt"))).isEqualTo(said.time().plus(26, ChronoUnit.HOURS));
    }

    @Test
    void anEndThatLiesBeforeTheBeginningIsTakenToo() {
        Notification odd = now(Kind.RESOLVED, Severity.ERROR);
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(new Notification(
                    odd.incident(),
                    odd.kind(),
                    odd.severity(),
                    odd.failure(),
                    odd.title(),
                    odd.host(),
                    odd.resource(),
                    odd.members(),
                    odd.time(),
                    odd.time().minusSeconds(60),
                    null,
                    "",
                    null,
                    ""));
        }
        assertThat(LocalServer.await(() -> alertsOf("target-1").isEmpty())).isTrue();
    }

    @Test
    void aProxyIsToldWhoAsks() {
        proxy.judge(request ->
                request.header("authorization").equals("Basic YmFja3VwOmNhbmFyeS1wYXNzd29yZA==") ? 200 : 401);
        try (NotificationChannel channel = provider().open(at(proxy.port(), 20), TimeSource.system())) {
            BackupException failed = failure(() -> channel.send(now(Kind.OPENED, Severity.ERROR)));
            // It echoes the request, which is no list of alerts.
            assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
            assertThat(failed.describe()).contains("no list of alerts");
        }
        assertThat(proxy.taken()).hasSize(1);
    }

    @Test
    void userAndPasswordBelongTogether() {
        Connection both = at(1, 1);
        assertInvalid(new Connection(both.address(), both.options(), Map.of()));
        var none = new TreeMap<>(both.options());
        none.remove("user");
        assertInvalid(new Connection(both.address(), none, both.secrets()));
        none.put("user", "a:b");
        assertInvalid(new Connection(both.address(), none, both.secrets()));
    }

    private void assertInvalid(Connection connection) {
        BackupException failed =
                failure(() -> provider().open(connection, TimeSource.system()).close());
        assertThat(failed.code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }
}
