package org.medbackup.service.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.core.calendar.BusinessCalendar;
import org.medbackup.core.calendar.TimeWindow;
import org.medbackup.core.error.UsageException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.Protection;
import org.medbackup.service.config.Finding.Severity;

/** What the schema cannot say of the governor's section. Used once. */
final class GovernorRules {

    private static final String AT = "/governor";
    private static final int MOST_WEIGHT = 10_000;
    private static final double MOST_PART = 1;

    /** A backup renews its lease of six hours when a third of it has passed, and while it is stopped it does not. */
    private static final Duration LONGEST_STOP = Duration.ofHours(4);

    /** Of an account in an address, or of a driver's parameters. */
    private static final Pattern PASSWORD = Pattern.compile("//[^/@]*:[^/@]*@|(?i)[?&;:]password=");

    private final Yaml yaml;
    private final List<Finding> findings = new ArrayList<>();

    GovernorRules(Yaml yaml) {
        this.yaml = yaml;
    }

    private void add(Severity severity, String pointer, String message, String remedy) {
        findings.add(new Finding(severity, yaml.at(pointer).line(), Keys.dotted(pointer), message, remedy));
    }

    private void error(String pointer, String message, String remedy) {
        add(Severity.ERROR, pointer, message, remedy);
    }

    /** What keeps the section of a document that keeps the schema from being bound. */
    List<Finding> malformed() {
        if (!(yaml.value() instanceof Members root)) {
            return findings;
        }
        Members section = DocumentValues.members(root, "governor");
        section.find("timezone").map(DocumentValues::plain).ifPresent(this::zone);
        DocumentValues.members(section, "holidays").values().forEach(this::holidays);
        limits(section, AT + "/limits", "limits", "");
        named(section, "windows", this::window);
        DocumentValues.members(section, "weights").values().forEach(this::weight);
        named(section, "protect", this::protection);
        String rate = AT + "/onSignalLoss/rate";
        DocumentValues.members(section, "onSignalLoss")
                .find("rate")
                .map(DocumentValues::plain)
                .filter(part -> Parts.parse(part) > MOST_PART)
                .ifPresent(part -> error(rate, "it is more than the limit", "Write 1% to 100%."));
        limits(section, AT + "/snapshotMinimum", "snapshotMinimum", WrittenLimits.PAUSE);
        return findings;
    }

    private void zone(String id) {
        try {
            ZoneId.of(id);
        } catch (DateTimeException unknown) {
            error(
                    AT + "/timezone",
                    "there is no such time zone",
                    Keys.nearest(id, ZoneId.getAvailableZoneIds())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Name a zone of the IANA database, such as Europe/Berlin."));
        }
    }

    private void holidays(String name, JsonValue value) {
        String at = Yaml.pointer(AT + "/holidays", name);
        if (value instanceof JsonValue.Items items) {
            for (int i = 0; i < items.values().size(); i++) {
                holiday(name, at + "/" + i, items.values().get(i));
            }
        } else {
            holiday(name, at, value);
        }
    }

    private void holiday(String name, String at, JsonValue value) {
        if (Holidays.read(name, DocumentValues.plain(value)).isEmpty()) {
            error(
                    at,
                    "there is no such day",
                    "Write 2026-03-06, 12-25 of every year, 4th THU of NOV, or last MON of MAY.");
        }
    }

    /** Whether there is a limit; what is wrong with them is said. */
    private boolean limits(Members of, String at, String name, String refused) {
        Members limits = DocumentValues.members(of, name);
        limits.values()
                .forEach((resource, limit) ->
                        limit(Yaml.pointer(at, resource), resource, WrittenLimits.text(limit), refused));
        return !limits.values().isEmpty();
    }

    private void limit(String at, String resource, String limit, String refused) {
        if (limit.equals("none")) {
            error(at, "a limit of the file cannot take another away", "Take this line out.");
        } else if (limit.equals(refused)) {
            error(at, "a minimum cannot be a pause", "Write the rate that is to be left, such as 10MB/s.");
        } else if (resource.equals(WrittenLimits.ALL)) {
            if (!limit.equals(WrittenLimits.PAUSE)) {
                error(at, "all can only be paused", "Write all: pause, or name the resources one by one.");
            }
        } else {
            try {
                WrittenLimits.read(resource, limit);
            } catch (UsageException wrong) {
                error(at, String.valueOf(wrong.getMessage()), remedy(resource, wrong));
            }
        }
    }

    private static String remedy(String resource, UsageException wrong) {
        Set<String> known = Stream.concat(Stream.of(LimitKind.values()).map(LimitKind::text), Stream.of("all"))
                .collect(Collectors.toSet());
        return known.contains(resource)
                ? wrong.code().remedy()
                : Keys.nearest(resource, known)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse(wrong.code().remedy());
    }

    /** Checks each entry of a list, and that no two have one name. */
    private void named(Members section, String list, DocumentValues.Entry check) {
        Map<String, String> places = new HashMap<>();
        DocumentValues.items(section, AT, list, (at, entry) -> {
            check.take(at, entry);
            String first = places.putIfAbsent(entry.text("name"), at);
            if (first != null) {
                error(
                        at + "/name",
                        "the name stands in line " + yaml.at(first + "/name").line() + " already",
                        "Give each a name of its own.");
            }
        });
    }

    private void window(String at, Members window) {
        if (window.text("from").equals(window.text("to"))) {
            error(at + "/to", "it ends when it begins", "For a whole day write from: \"00:00\" and to: \"24:00\".");
        }
        if (!limits(window, at + "/limits", "limits", "")) {
            error(
                    at,
                    "the window has no limits",
                    "Write limits: with what holds while it is open, such as network.egress: 8MB/s.");
        }
    }

    private void weight(String name, JsonValue value) {
        if (!(value instanceof JsonValue.Whole weight) || weight.value() < 1 || weight.value() > MOST_WEIGHT) {
            error(AT + "/weights/" + name, "a weight is from 1 to 10000", "Choose one beside those of the others.");
        }
    }

    private void protection(String at, Members entry) {
        if (entry.find("maxRise").isEmpty() && entry.find("slo").isEmpty()) {
            error(at, "neither maxRise nor slo is there", "Write how much worse it may get: maxRise: 15%.");
        }
        entry.find("every").map(DocumentValues::plain).map(Spans::parse).ifPresent(every -> {
            if (every.compareTo(Protection.SHORTEST) < 0 || every.compareTo(Protection.LONGEST) > 0) {
                error(at + "/every", "it is asked every 5 ms at most, every 10 s at least", "50 ms is usual.");
            }
        });
        try {
            var probe = new URI(entry.text("probe"));
            if (PASSWORD.matcher(entry.text("probe")).find()) {
                error(at + "/probe", "the address holds a password", "Take it out.");
            } else {
                // What is there and does not answer shows when it is read.
                Protection.requireServed(probe);
            }
        } catch (UsageException cannotBeOne) {
            error(
                    at + "/probe",
                    String.valueOf(cannotBeOne.getMessage()),
                    "The kinds of probes stand in docs/governor.md.");
        } catch (URISyntaxException malformed) {
            // The exception quotes the address, which may hold a password.
            error(
                    at + "/probe",
                    "it is no URI: " + malformed.getReason(),
                    "Write it as docs/governor.md has it, with special characters as %XX.");
        }
    }

    /** What will not work, though it can be used. */
    List<Finding> check(GovernorEntry entry, Instant now) {
        findings.clear();
        BusinessCalendar calendar = entry.calendar();
        for (int i = 0; i < entry.windows().size(); i++) {
            String at = AT + "/windows/" + i;
            WindowEntry each = entry.windows().get(i);
            if (calendar.nextInside(each.window(), now).isEmpty()) {
                add(Severity.WARNING, at, "the window never opens", "Look at its days and at the holidays.");
            }
            boolean stops = each.limits().values().containsValue(0L);
            if (stops && isLong(calendar, each.window(), now)) {
                add(
                        Severity.WARNING,
                        at + "/limits",
                        "a backup that is stopped for longer than 4 h can lose its place in the repository",
                        "Give it a low rate instead, or let backups end before.");
            }
        }
        return findings;
    }

    /** Whether it is open for long, this time or the next; one that never closes is. */
    private static boolean isLong(BusinessCalendar calendar, TimeWindow window, Instant now) {
        return calendar.timeLeft(window, now)
                .map(left -> left.compareTo(LONGEST_STOP) > 0
                        || calendar.nextOpening(window, now)
                                .filter(next -> next.length().compareTo(LONGEST_STOP) > 0)
                                .isPresent())
                .orElse(true);
    }
}
