package org.medbackup.notify.common;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.PlainText;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;

/**
 * What a person is told, in the order in which it is asked for at three in the morning.
 *
 * @param headline one line
 * @param lines in their order
 */
public record Account(String headline, List<Line> lines) {

    /** Bytes of UTF-8 that one line's text has at most. */
    private static final int LONGEST = 2000;

    private static final int HEADLINE = 400;
    private static final int MEMBERS = 20;
    private static final int NAME = 100;

    public Account {
        lines = List.copyOf(lines);
    }

    /**
     * One line.
     *
     * @param label such as {@code Since}
     * @param text of one line
     */
    public record Line(String label, String text) {

        public Line {
            text = PlainText.oneLine(text, LONGEST);
        }
    }

    /** Of a notification, with its times in a zone. */
    public static Account of(Notification told, ZoneId zone) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("What failed", told.title()));
        lines.add(new Line("Where", told.resource() + " on " + told.host()));
        lines.add(new Line("State", state(told.kind())));
        if (!told.members().isEmpty()) {
            lines.add(new Line("Held up", members(told.members())));
        }
        lines.add(new Line("Since", moment(told.since(), told.time(), zone)));
        if (told.kind() != Kind.RESOLVED) {
            lines.add(new Line("Protected", protection(told, zone)));
        }
        lines.add(new Line("Tried", told.tried().isBlank() ? "Nothing, without a person." : told.tried()));
        if (told.kind() != Kind.RESOLVED) {
            lines.add(new Line("Next try", next(told, zone)));
            lines.add(new Line("What to do", told.remedy()));
        }
        lines.add(new Line("Incident", told.incident() + ", " + told.failure()));
        return new Account(PlainText.oneLine("[" + urgency(told) + "] " + told.title(), HEADLINE), lines);
    }

    private static String urgency(Notification told) {
        return switch (told.kind()) {
            case RESOLVED, ACKNOWLEDGED -> told.kind().name();
            case OPENED, RAISED, REMINDED -> told.severity().name();
        };
    }

    private static String state(Kind kind) {
        return switch (kind) {
            case OPENED -> "New.";
            case RAISED -> "More urgent than it was.";
            case REMINDED -> "Still there.";
            case ACKNOWLEDGED -> "Somebody takes care of it.";
            case RESOLVED -> "Over: it works again.";
        };
    }

    private static String members(List<String> members) {
        List<String> named = members.stream()
                .limit(MEMBERS)
                .map(name -> PlainText.oneLine(name, NAME))
                .toList();
        int more = members.size() - named.size();
        return String.join(", ", named) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String protection(Notification told, ZoneId zone) {
        Instant until = told.protectedUntil();
        if (until == null) {
            return "Not at risk, or not known.";
        }
        return until.isAfter(told.time())
                ? "As agreed until " + moment(until, told.time(), zone) + "; later, more would be lost than was agreed."
                : "No longer as agreed, since " + moment(until, told.time(), zone) + ".";
    }

    private static String next(Notification told, ZoneId zone) {
        Instant next = told.next();
        return next == null ? "None: it waits for a person." : moment(next, told.time(), zone);
    }

    private static String moment(Instant when, Instant now, ZoneId zone) {
        String clock = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ENGLISH)
                .withZone(zone)
                .format(when);
        Duration ahead = Duration.between(now, when);
        return clock + (ahead.isPositive() ? " (in " + span(ahead) + ")" : " (" + span(ahead.negated()) + " ago)");
    }

    private static String span(Duration span) {
        if (span.toMinutes() < 1) {
            return span.toSeconds() + " s";
        }
        if (span.toHours() < 1) {
            return span.toMinutes() + " min";
        }
        return span.toDays() < 2
                ? span.toHours() + " h " + span.toMinutesPart() + " min"
                : span.toDays() + " days " + span.toHoursPart() + " h";
    }

    /** All lines, each after its label. */
    public String text() {
        int width = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0) + 2;
        var text = new StringBuilder();
        for (Line each : lines) {
            text.append(each.label())
                    .repeat(' ', width - each.label().length())
                    .append(each.text())
                    .append('\n');
        }
        return text.toString();
    }
}
