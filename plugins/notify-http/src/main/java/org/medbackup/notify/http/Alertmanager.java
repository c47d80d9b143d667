package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.notify.common.Account;
import org.medbackup.notify.common.ChannelOptions;
import tools.jackson.core.JsonGenerator;

/**
 * Alerts of Alertmanager's API v2. There the labels are the alert, and the severity has to be one of them, since routes go
 * by it. So an incident whose severity changes is another alert: which of its alerts fire is asked before, and those of
 * another severity are ended in the same request in which the new one begins.
 */
final class Alertmanager implements NotificationChannel {

    private static final String PATH = "/api/v2/alerts";
    private static final int NAME = 400;
    private static final int SENTENCE = 4000;

    private final Door door;
    private final ZoneId zone;
    private final Duration kept;
    private final String user;
    private final @Nullable Secret password;

    Alertmanager(ChannelOptions options, TimeSource time) {
        this.zone = options.zone();
        this.kept = Duration.ofHours(options.number("hours", 26, 1, 720));
        this.user = options.text("user", "");
        this.password = options.secret("password");
        if (user.isEmpty() != (password == null) || user.contains(":")) {
            throw ChannelOptions.invalid("user and password are given together, and user has no colon");
        }
        this.door = Door.of(options, time);
    }

    @Override
    public String description() {
        return "Alertmanager at " + door.server();
    }

    @Override
    public String send(Notification notification) {
        return door.within(() -> {
            Set<String> firing = firing(notification);
            byte[] alerts = Document.list(out -> alerts(out, notification, firing));
            return door.ask(authorized(Door.post(door.at(PATH), alerts))).receipt();
        });
    }

    private HttpRequest authorized(HttpRequest.Builder request) {
        if (!user.isEmpty()) {
            byte[] pair = (user + ":" + ChannelOptions.textOf(password)).getBytes(UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return request.build();
    }

    private static String incident(Notification told) {
        return PlainText.oneLine(told.incident(), NAME);
    }

    private Set<String> firing(Notification told) {
        String matcher = "incident=\"" + incident(told).replaceAll("[\"\\\\]", "\\\\$0") + "\"";
        URI target = door.at(PATH + "?filter=" + URLEncoder.encode(matcher, UTF_8));
        return Firing.severities(
                door.ask(authorized(HttpRequest.newBuilder(target).GET())).body());
    }

    private void alerts(JsonGenerator out, Notification told, Set<String> firing) {
        boolean over = told.kind() == Kind.RESOLVED;
        // An end before the beginning would be refused.
        Instant said = told.time().isBefore(told.since()) ? told.since() : told.time();
        alert(out, told, told.severity(), over ? said : said.plus(kept));
        for (Severity each : Severity.values()) {
            if (each != told.severity() && firing.contains(Document.word(each))) {
                alert(out, told, each, said);
            }
        }
    }

    private void alert(JsonGenerator out, Notification told, Severity severity, Instant end) {
        out.writeStartObject();
        members(out, "labels", labels(told, severity));
        members(out, "annotations", annotations(told));
        out.writeStringProperty("startsAt", told.since().toString());
        out.writeStringProperty("endsAt", end.toString());
        out.writeEndObject();
    }

    private static void members(JsonGenerator out, String name, Map<String, String> members) {
        out.writeObjectPropertyStart(name);
        members.forEach(out::writeStringProperty);
        out.writeEndObject();
    }

    private static SequencedMap<String, String> labels(Notification told, Severity severity) {
        var labels = new LinkedHashMap<String, String>();
        labels.put("alertname", "MedBackupIncident");
        labels.put("job", "medbackup");
        labels.put("instance", PlainText.oneLine(told.host(), NAME));
        labels.put("incident", incident(told));
        labels.put("failure", PlainText.oneLine(told.failure(), NAME));
        labels.put("resource", PlainText.oneLine(told.resource(), NAME));
        labels.put("severity", Document.word(severity));
        return labels;
    }

    private SequencedMap<String, String> annotations(Notification told) {
        var annotations = new LinkedHashMap<String, String>();
        annotations.put("summary", PlainText.oneLine(told.title(), SENTENCE));
        annotations.put("description", Account.of(told, zone).text());
        annotations.put("remedy", PlainText.oneLine(told.remedy(), SENTENCE));
        annotations.put("state", Document.word(told.kind()));
        return annotations;
    }

    @Override
    public void close() {
        door.close();
    }
}
