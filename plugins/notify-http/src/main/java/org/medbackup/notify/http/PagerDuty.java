package org.medbackup.notify.http;

import java.net.http.HttpRequest;
import java.time.ZoneId;
import java.util.Objects;
import org.medbackup.core.PlainText;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.notify.common.Account;
import org.medbackup.notify.common.ChannelOptions;
import tools.jackson.core.JsonGenerator;

/**
 * Events of PagerDuty's Events API v2 (its page "Send an Alert Event", with the limits of fields there). An incident is
 * one there by its {@code dedup_key}.
 */
final class PagerDuty implements NotificationChannel {

    private static final int KEY = 255;
    private static final int SUMMARY = 1024;
    private static final int NAME = 255;

    private final Door door;
    private final Secret routingKey;
    private final ZoneId zone;

    PagerDuty(ChannelOptions options, TimeSource time) {
        this.routingKey = Objects.requireNonNull(options.secret("routingKey"));
        if (!ChannelOptions.textOf(routingKey).matches("[0-9A-Za-z]{32}")) {
            throw ChannelOptions.invalid("routingKey has 32 letters and digits");
        }
        this.zone = options.zone();
        this.door = Door.of(options, time);
    }

    @Override
    public String description() {
        return "PagerDuty at " + door.server();
    }

    @Override
    public String send(Notification notification) {
        HttpRequest request =
                Door.post(door.at("/v2/enqueue"), event(notification)).build();
        return door.within(() -> door.ask(request)).receipt();
    }

    private byte[] event(Notification told) {
        return Document.json(out -> {
            out.writeStringProperty("routing_key", ChannelOptions.textOf(routingKey));
            String action = switch (told.kind()) {
                case OPENED, RAISED, REMINDED -> "trigger";
                case ACKNOWLEDGED -> "acknowledge";
                case RESOLVED -> "resolve";
            };
            out.writeStringProperty("event_action", action);
            out.writeStringProperty("dedup_key", PlainText.oneLine(told.incident(), KEY));
            if (action.equals("trigger")) {
                out.writeStringProperty("client", "MedBackup");
                payload(out, told);
            }
        });
    }

    private void payload(JsonGenerator out, Notification told) {
        out.writeObjectPropertyStart("payload");
        out.writeStringProperty("summary", needed(told.title(), SUMMARY));
        out.writeStringProperty("source", needed(told.host(), NAME));
        out.writeStringProperty("severity", severity(told.severity()));
        out.writeStringProperty("timestamp", told.time().toString());
        out.writeStringProperty("component", PlainText.oneLine(told.resource(), NAME));
        out.writeStringProperty("class", PlainText.oneLine(told.failure(), NAME));
        out.writeObjectPropertyStart("custom_details");
        Account.of(told, zone).lines().forEach(line -> out.writeStringProperty(line.label(), line.text()));
        out.writeEndObject();
        out.writeEndObject();
    }

    /** An empty one would be refused. */
    private static String needed(String text, int bytes) {
        return text.isBlank() ? "-" : PlainText.oneLine(text, bytes);
    }

    private static String severity(Severity severity) {
        return switch (severity) {
            case NOTICE -> "info";
            case WARNING -> "warning";
            case ERROR -> "error";
            case CRITICAL -> "critical";
        };
    }

    @Override
    public void close() {
        door.close();
    }
}
