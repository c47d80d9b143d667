package org.medbackup.notify.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.syslog.SyslogMessage;

/**
 * A notification as a message of RFC 5424. Where it would be longer than a receiver takes, what is said in free text is
 * shortened, then the parameters of the structured data that are not needed to find the incident are left out.
 */
final class Message {

    /** Of the structured data. 32473 is the number of RFC 5612 for those who have none of their own yet. */
    static final String ID = "medbackup@32473";

    private static final int NOTICE = 5;
    private static final int NAME = 200;
    private static final int SENTENCE = 800;
    private static final int MEMBERS = 20;
    private static final int SOME_TEXT = 60;
    private static final int BRIEF = 24;
    private static final int INCIDENT = 64;
    private static final int SPACE_AND_MARK = 4;

    private Message() {}

    /**
     * The bytes of one message, without a frame.
     *
     * @param facility 0 to 23
     * @param most bytes that it may have, at least 480, which every receiver takes (RFC 5424, 6.1)
     */
    static byte[] of(Notification told, int facility, int most) {
        String head = header(told, facility);
        String data = structured(told);
        int left = most - head.length() - SPACE_AND_MARK;
        if (left - bytes(data) < SOME_TEXT) {
            data = brief(told);
        }
        return SyslogMessage.of(head, data, PlainText.oneLine(text(told), left - bytes(data)));
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }

    /** What a log shows that leaves structured data out, as most do. */
    private static String text(Notification told) {
        String title = PlainText.oneLine(told.title(), SENTENCE);
        return told.kind() == Kind.RESOLVED ? title + " (over)" : title + " What to do: " + told.remedy();
    }

    private static String header(Notification told, int facility) {
        return SyslogMessage.header(
                facility, severity(told), told.time(), told.host(), told.kind().name());
    }

    /** RFC 5424, 6.2.1. What is over needs nobody any more. */
    private static int severity(Notification told) {
        if (told.kind() == Kind.RESOLVED) {
            return NOTICE;
        }
        return switch (told.severity()) {
            case CRITICAL -> 2;
            case ERROR -> 3;
            case WARNING -> 4;
            case NOTICE -> NOTICE;
        };
    }

    private static String structured(Notification told) {
        var data = new Structured(ID);
        identity(data, told, NAME);
        data.add("members", members(told.members()), SENTENCE);
        data.add("since", moment(told.since()), NAME);
        data.add("protectedUntil", moment(told.protectedUntil()), NAME);
        data.add("tried", told.tried(), SENTENCE);
        data.add("next", moment(told.next()), NAME);
        data.add("remedy", told.remedy(), SENTENCE);
        return data.text();
    }

    private static String brief(Notification told) {
        var data = new Structured(ID);
        identity(data, told, BRIEF);
        return data.text();
    }

    private static void identity(Structured data, Notification told, int bytes) {
        data.add("incident", told.incident(), INCIDENT);
        data.add("severity", told.severity().name().toLowerCase(Locale.ROOT), bytes);
        data.add("failure", told.failure(), bytes);
        data.add("resource", told.resource(), bytes);
    }

    private static String members(List<String> members) {
        String some = String.join(",", members.stream().limit(MEMBERS).toList());
        return members.size() > MEMBERS ? some + " and " + (members.size() - MEMBERS) + " more" : some;
    }

    private static String moment(@Nullable Instant moment) {
        return moment == null ? "" : SyslogMessage.moment(moment);
    }
}
