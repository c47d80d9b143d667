package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;

/**
 * Writes what one channel is told. Immutable.
 *
 * @param host of this installation
 * @param channel name of it
 */
record Letters(String host, String channel) {

    private static final String REMEDY =
            "Look at the resources that are named; what becomes critical is told by itself, at once.";

    /** On one incident. */
    Notification one(Incident incident, Kind kind, Instant now) {
        Description described = incident.description();
        Acknowledgement taken = incident.acknowledged();
        String tried = kind == Kind.ACKNOWLEDGED && taken != null ? takes(taken) : described.tried();
        return new Notification(
                incident.id(),
                kind,
                incident.severity(),
                incident.cause().failure(),
                described.title(),
                described.host(),
                incident.cause().resource(),
                incident.jobs(),
                incident.since(),
                now,
                incident.protectedUntil(),
                tried,
                kind == Kind.RESOLVED ? null : described.next(),
                described.remedy());
    }

    private static String takes(Acknowledgement taken) {
        String note = taken.note().isEmpty() ? "" : ": " + taken.note();
        return Wording.text(taken.by() + " takes care of it until " + taken.until() + note);
    }

    /** What is said of an incident within a message on several. */
    enum Word {
        NEW,
        OPEN,
        TAKEN,
        OVER;

        static Word of(Kind kind) {
            return switch (kind) {
                case OPENED, RAISED -> NEW;
                case REMINDED -> OPEN;
                case ACKNOWLEDGED -> TAKEN;
                case RESOLVED -> OVER;
            };
        }
    }

    /** For what there was no room; its id is the same for all of a channel. */
    Notification surplus(Kind kind, Map<Incident, Word> words, int limit, Instant now) {
        String title = words.isEmpty()
                ? "Everything that was told in one message is over"
                : words.size() + " more in one message: " + count(words) + "; this channel takes " + limit + " an hour";
        return several("surplus", kind, Severity.ERROR, title, words, now);
    }

    /** On all warnings; its id is the same for all of a channel. */
    Notification digest(Kind kind, Map<Incident, Word> words, Instant now) {
        String title = words.isEmpty() ? "No warnings are left" : "Warnings: " + count(words);
        return several("digest", kind, Severity.WARNING, title, words, now);
    }

    private static String count(Map<Incident, Word> words) {
        List<String> counts = new ArrayList<>();
        for (Word word : Word.values()) {
            long many = words.values().stream().filter(each -> each == word).count();
            if (many > 0) {
                counts.add(many + " " + plain(word));
            }
        }
        return String.join(", ", counts);
    }

    private static String plain(Word word) {
        return switch (word) {
            case NEW -> "new";
            case OPEN -> "open";
            case TAKEN -> "taken care of";
            case OVER -> "over";
        };
    }

    private Notification several(
            String name, Kind kind, Severity severity, String title, Map<Incident, Word> words, Instant now) {
        List<String> lines = new ArrayList<>();
        words.forEach((incident, word) -> lines.add(plain(word) + ": "
                + incident.cause().failure() + " at " + incident.cause().resource() + " (" + incident.id() + ")"));
        Instant since = words.keySet().stream()
                .map(Incident::since)
                .min(Comparator.naturalOrder())
                .orElse(now);
        return new Notification(
                name + "-" + Wording.hash(host + "\n" + channel, 4),
                kind,
                severity,
                name,
                title,
                host,
                channel,
                lines,
                since,
                now,
                earliest(words),
                "",
                null,
                REMEDY);
    }

    private static @Nullable Instant earliest(Map<Incident, Word> words) {
        return words.keySet().stream()
                .map(Incident::protectedUntil)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
