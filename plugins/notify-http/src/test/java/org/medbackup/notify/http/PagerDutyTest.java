package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.HttpReceiver;
import org.medbackup.testkit.SilentServer;

/** PagerDuty, played by a server that checks what its documentation demands of an event. */
class PagerDutyTest implements ChannelContract {

    private static final String KEY = "canary7890123456789012345678901z";

    private final HttpReceiver pagerDuty = HttpReceiver.start();
    private final SilentServer silent = SilentServer.start();

    @BeforeEach
    void judge() {
        pagerDuty.judge(PagerDutyTest::status);
        pagerDuty.with("X-Request-Id", "req-1");
    }

    @AfterEach
    void stop() {
        pagerDuty.close();
        silent.close();
    }

    private static boolean within(String text, int least, int most) {
        return text.length() >= least && text.length() <= most;
    }

    /** The rules of "Send an Alert Event" and "Events API v2 overview". */
    private static int status(HttpReceiver.Request request) {
        boolean asked = request.method().equals("POST") && request.target().equals("/v2/enqueue");
        if (!asked) {
            return 404;
        }
        if (request.text().getBytes(UTF_8).length > 512 * 1024) {
            return 413;
        }
        try {
            JsonValue.Members event = Requests.json(request);
            boolean known = within(event.text("routing_key"), 32, 32)
                    && within(event.text("dedup_key"), 1, 255)
                    && Set.of("trigger", "acknowledge", "resolve").contains(event.text("event_action"));
            if (!known) {
                return 400;
            }
            if (!event.text("routing_key").equals(KEY)) {
                return 400;
            }
            return !event.text("event_action").equals("trigger") || isPayload(event.members("payload")) ? 202 : 400;
        } catch (JsonException malformed) {
            return 400;
        }
    }

    private static boolean isPayload(JsonValue.Members payload) {
        Instant.parse(payload.text("timestamp"));
        return within(payload.text("summary"), 1, 1024)
                && within(payload.text("source"), 1, 255)
                && Set.of("critical", "error", "warning", "info").contains(payload.text("severity"))
                && payload.members("custom_details").values().size() > 5;
    }

    private static Connection at(int port, String key, int seconds) {
        return new Connection(
                URI.create("pagerduty://127.0.0.1:" + port),
                new TreeMap<>(Map.of("tls", "none", "timeout", Integer.toString(seconds))),
                Map.of("routingKey", Secret.ofText(key)));
    }

    @Override
    public ChannelProvider provider() {
        return new PagerDutyProvider();
    }

    @Override
    public Connection taking() {
        return at(pagerDuty.port(), KEY, 20);
    }

    @Override
    public List<String> arrived(String incident) {
        return events().filter(event -> event.text("dedup_key").equals(incident))
                .flatMap(event -> event.find("payload").stream())
                .map(payload -> ((JsonValue.Members) payload).text("summary"))
                .toList();
    }

    private java.util.stream.Stream<JsonValue.Members> events() {
        return pagerDuty.taken().stream().map(Requests::json);
    }

    @Override
    public int count() {
        return pagerDuty.taken().size();
    }

    @Override
    public Connection refusing() {
        return at(pagerDuty.port(), "canary00000000000000000000000000", 20);
    }

    @Override
    public Connection silent() {
        return at(silent.port(), KEY, 1);
    }

    @Override
    public Connection absent() {
        return at(SilentServer.absentPort(), KEY, 2);
    }

    @Override
    public List<String> secrets() {
        return List.of("canary");
    }

    @Test
    void anIncidentIsTriggeredAcknowledgedAndResolvedUnderOneKey() {
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            for (Kind kind : Kind.values()) {
                assertThat(channel.send(ChannelContract.notification("target-1", kind, Severity.ERROR, "x")))
                        .isEqualTo("req-1");
            }
        }
        assertThat(events().map(event -> event.text("event_action")))
                .containsExactly("trigger", "trigger", "trigger", "acknowledge", "resolve");
        assertThat(events().map(event -> event.text("dedup_key"))).containsOnly("target-1");
    }

    @Test
    void severitiesAndDetailsAreInItsWords() {
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            for (Severity severity : Severity.values()) {
                channel.send(ChannelContract.notification("target-1", Kind.OPENED, severity, "No answer"));
            }
        }
        assertThat(events().map(event -> event.members("payload").text("severity")))
                .containsExactly("info", "warning", "error", "critical");
        JsonValue.Members payload = events().findFirst().orElseThrow().members("payload");
        assertThat(payload.text("source")).isEqualTo("ward-3.clinic.example");
        assertThat(payload.text("component")).isEqualTo("archive");
        assertThat(payload.text("class")).isEqualTo("target-unreachable");
        assertThat(payload.text("timestamp")).isEqualTo(ChannelContract.SAID.toString());
        assertThat(payload.members("custom_details").text("What to do")).contains("medbackup target probe");
    }

    @Test
    void whatIsEmptyIsNotRefusedForThat() {
        Notification plain = ChannelContract.notification("target-1", Kind.OPENED, Severity.ERROR, "");
        try (NotificationChannel channel = provider().open(taking(), TimeSource.system())) {
            channel.send(new Notification(
                    plain.incident(),
                    plain.kind(),
                    plain.severity(),
                    "",
                    "",
                    " ",
                    "",
                    List.of(),
                    plain.since(),
                    plain.time(),
                    null,
                    "",
                    null,
                    ""));
        }
        assertThat(arrived("target-1")).containsExactly("-");
    }

    @Test
    void aKeyThatIsNoneIsRefusedAtOnceAndNotShown() {
        for (String wrong : List.of("canary", "canary78901234567890123456789\r\n")) {
            Connection connection = at(1, wrong, 1);
            assertInvalid(connection);
        }
        assertInvalid(new Connection(taking().address(), taking().options(), Map.of()));
    }

    private void assertInvalid(Connection connection) {
        try (NotificationChannel channel = provider().open(connection, TimeSource.system())) {
            throw new AssertionError("opened " + channel.description());
        } catch (BackupException failed) {
            assertThat(failed.code()).isEqualTo(ErrorCode.CHANNEL_INVALID);
            assertThat(failed.toCaller()).contains("routingKey").doesNotContain("canary");
        }
    }
}
