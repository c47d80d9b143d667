package org.medbackup.service.config;

import java.net.URI;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.calendar.Holiday;
import org.medbackup.core.calendar.HolidayRule;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.governor.Limits;
import org.medbackup.governor.Protection;
import org.medbackup.governor.RiskPolicy;
import org.medbackup.governor.WorkClass;

/** Turns the section of the governor, of which {@link GovernorRules} found nothing wrong, into an entry. Used once. */
final class GovernorBinding {

    private static final String AT = "/governor";
    private static final String END_OF_DAY = "24:00";

    private final DocumentValues values;

    GovernorBinding(DocumentValues values) {
        this.values = values;
    }

    GovernorEntry bind(Members section) {
        if (section.values().isEmpty()) {
            return GovernorEntry.none();
        }
        ZoneId zone = values.or(
                values.text(section, AT, "timezone"),
                AT + "/timezone",
                ZoneId.systemDefault().getId(),
                ZoneId::of);
        List<Holiday> holidays = holidays(DocumentValues.members(section, "holidays"));
        Limits limits = limits(section, AT, "limits");
        List<WindowEntry> windows = new ArrayList<>();
        DocumentValues.items(section, AT, "windows", (at, window) -> windows.add(window(at, window)));
        Map<WorkClass, Integer> weights = weights(DocumentValues.members(section, "weights"));
        List<Protection> protections = new ArrayList<>();
        DocumentValues.items(section, AT, "protect", (at, entry) -> protections.add(protection(at, entry)));
        Members loss = DocumentValues.members(section, "onSignalLoss");
        double degraded = values.or(
                values.text(loss, AT + "/onSignalLoss", "rate"), AT + "/onSignalLoss/rate", "25%", Parts::parse);
        RiskPolicy risk = values.or(
                values.text(section, AT, "policy"),
                AT + "/policy",
                "protect-production",
                text -> RiskPolicy.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
        Limits minimum = limits(section, AT, "snapshotMinimum");
        return new GovernorEntry(zone, holidays, limits, windows, weights, protections, degraded, risk, minimum);
    }

    private List<Holiday> holidays(Members named) {
        List<Holiday> holidays = new ArrayList<>();
        named.values().forEach((name, value) -> {
            List<String> texts = value instanceof JsonValue.Items
                    ? DocumentValues.texts(named, name)
                    : List.of(DocumentValues.plain(value));
            texts.forEach(text -> holidays.add(Holidays.read(name, text).orElseThrow()));
            values.keep(Yaml.pointer(AT + "/holidays", name), String.join(", ", texts));
        });
        return holidays;
    }

    private Limits limits(Members of, String at, String name) {
        Members limits = DocumentValues.members(of, name);
        limits.values()
                .forEach((resource, limit) ->
                        values.keep(Yaml.pointer(at + "/" + name, resource), WrittenLimits.text(limit)));
        return WrittenLimits.read(limits);
    }

    private WindowEntry window(String at, Members window) {
        String name = window.text("name");
        values.keep(at + "/name", name);
        List<String> days = DocumentValues.texts(window, "days");
        values.or(days.isEmpty() ? null : String.join(", ", days), at + "/days", "every day", text -> text);
        if (!days.isEmpty()) {
            values.keep(at + "/days", String.join(", ", days));
        }
        String from = window.text("from");
        String to = window.text("to");
        values.keep(at + "/from", from);
        values.keep(at + "/to", to);
        HolidayRule rule = values.or(
                values.text(window, at, "holidays"),
                at + "/holidays",
                "include",
                text -> HolidayRule.valueOf(text.toUpperCase(Locale.ROOT)));
        Limits limits = limits(window, at, "limits");
        LocalTime end = to.equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(to);
        return new WindowEntry(new TimeWindow(name, Weekdays.of(days), LocalTime.parse(from), end, rule), limits);
    }

    private Map<WorkClass, Integer> weights(Members named) {
        var weights = new EnumMap<WorkClass, Integer>(WorkClass.class);
        named.values().forEach((name, value) -> {
            weights.put(
                    WorkClass.valueOf(name.toUpperCase(Locale.ROOT)), Integer.parseInt(DocumentValues.plain(value)));
            values.keep(AT + "/weights/" + name, DocumentValues.plain(value));
        });
        return weights;
    }

    private Protection protection(String at, Members entry) {
        values.keep(at + "/name", entry.text("name"));
        values.keep(at + "/probe", entry.text("probe"));
        String rise = values.text(entry, at, "maxRise");
        String slo = values.text(entry, at, "slo");
        double p99 = Double.POSITIVE_INFINITY;
        if (slo != null) {
            p99 = Parts.isPart(slo) ? Parts.parse(slo) : Spans.parse(slo).toNanos() / 1e9;
        }
        return new Protection(
                entry.text("name"),
                URI.create(entry.text("probe")),
                values.or(
                        values.text(entry, at, "every"),
                        at + "/every",
                        GovernorEntry.EVERY.toMillis() + " ms",
                        Spans::parse),
                rise == null ? Double.POSITIVE_INFINITY : Parts.parse(rise),
                p99);
    }
}
