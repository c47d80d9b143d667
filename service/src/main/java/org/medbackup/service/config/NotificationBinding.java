package org.medbackup.service.config;

import java.net.URI;
import java.time.LocalTime;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.resilience.escalation.Delivery;
import org.medbackup.resilience.escalation.Ladder;

/** Makes channels and the escalation of a document that keeps the schema. */
final class NotificationBinding {

    private static final String AT = "/escalation";

    private final DocumentValues values;

    NotificationBinding(DocumentValues values) {
        this.values = values;
    }

    SortedMap<String, ChannelEntry> channels(Members root) {
        var channels = new TreeMap<String, ChannelEntry>();
        DocumentValues.each(root, "channels", (name, entry) -> channels.put(name, channel(name, entry)));
        return channels;
    }

    private ChannelEntry channel(String name, Members entry) {
        String at = Yaml.pointer("/channels", name);
        String address = entry.text("address");
        values.keep(at + "/address", address);
        return new ChannelEntry(name, URI.create(address), values.options(entry, at), values.secrets(entry, at));
    }

    EscalationEntry escalation(Members section) {
        if (section.values().isEmpty()) {
            return EscalationEntry.none();
        }
        var standard = Ladder.standard();
        var ladder = new Ladder(
                values.duration(section, AT, "raiseAfter", standard.raiseAfter()),
                values.duration(section, AT, "stepAfter", standard.stepAfter()),
                values.duration(section, AT, "remindError", standard.remindError()),
                values.duration(section, AT, "remindCritical", standard.remindCritical()),
                values.duration(section, AT, "longestAcknowledgement", standard.longestAcknowledgement()));
        String quiet = values.text(section, AT, "quietWindow");
        return new EscalationEntry(
                values.texts(section, AT, "warning"),
                values.texts(section, AT, "error"),
                steps(section),
                quiet == null ? "" : quiet,
                values.or(
                        values.text(section, AT, "digestAt"),
                        AT + "/digestAt",
                        EscalationEntry.DIGEST_AT.toString(),
                        LocalTime::parse),
                ladder,
                delivery(section));
    }

    private Delivery delivery(Members section) {
        var standard = Delivery.standard();
        int hourly = values.or(
                values.text(section, AT, "hourlyLimit"),
                AT + "/hourlyLimit",
                Integer.toString(standard.hourlyLimit()),
                Integer::parseInt);
        return new Delivery(
                hourly,
                standard.firstPause(),
                standard.longestPause(),
                standard.longestCriticalPause(),
                standard.failuresUntilIncident(),
                standard.patience());
    }

    /** A step is one channel, or several at once. */
    private List<List<String>> steps(Members section) {
        List<List<String>> steps = DocumentValues.list(section, "critical").stream()
                .map(each -> each instanceof JsonValue.Items together
                        ? together.values().stream().map(DocumentValues::plain).toList()
                        : List.of(DocumentValues.plain(each)))
                .toList();
        if (!steps.isEmpty()) {
            values.keep(AT + "/critical", steps.toString());
        }
        return steps;
    }
}
