package org.medbackup.core.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The parts of a message of RFC 5424. */
public final class SyslogMessage {

    private static final int LONGEST_HOST = 100;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    // RFC 5424, 6.2.3: at most six digits of a second.
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private SyslogMessage() {}

    /** A moment as messages tell it, in milliseconds. */
    public static String moment(Instant moment) {
        return TIMESTAMP.format(moment);
    }

    /**
     * All that stands before the structured data, with the space after it. The application is {@code medbackup}.
     *
     * @param facility 0 to 23
     * @param severity 0 to 7
     * @param host where it happened; what RFC 5424, 6.2.4 does not allow is left out
     * @param kind of the message ({@code MSGID}), at most 32 printable characters
     */
    public static String header(int facility, int severity, Instant time, String host, String kind) {
        int priority = facility * 8 + severity;
        return "<" + priority + ">1 " + moment(time) + " " + host(host) + " medbackup - " + kind + " ";
    }

    private static String host(String host) {
        String printable = host.replaceAll("[^!-~]", "");
        String name = printable.length() > LONGEST_HOST ? printable.substring(0, LONGEST_HOST) : printable;
        return name.isEmpty() ? "-" : name;
    }

    /**
     * A whole message, without a frame. Its text is marked as UTF-8 (RFC 5424, 6.4).
     *
     * @param header of {@link #header}
     * @param structured one element or more, or {@code -}
     */
    public static byte[] of(String header, String structured, String text) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(header.getBytes(US_ASCII));
        message.writeBytes(structured.getBytes(UTF_8));
        message.write(' ');
        message.writeBytes(BYTE_ORDER_MARK);
        message.writeBytes(text.getBytes(UTF_8));
        return message.toByteArray();
    }

    /** A message with its length before it (RFC 5425, 4.3). */
    public static byte[] framed(byte[] message) {
        var frame = new ByteArrayOutputStream();
        frame.writeBytes((message.length + " ").getBytes(US_ASCII));
        frame.writeBytes(message);
        return frame.toByteArray();
    }
}
