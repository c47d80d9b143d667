package org.medbackup.notify.syslog;

import org.medbackup.core.PlainText;

/** One element of structured data (RFC 5424, 6.3). */
final class Structured {

    private final StringBuilder text;

    /** An element of an id. */
    Structured(String id) {
        text = new StringBuilder("[").append(id);
    }

    /** Adds a parameter, unless it is empty; its value has at most so many bytes of UTF-8 before it is escaped. */
    void add(String name, String value, int bytes) {
        String line = PlainText.oneLine(value, bytes);
        if (!line.isBlank()) {
            // RFC 5424, 6.3.3.
            text.append(' ')
                    .append(name)
                    .append("=\"")
                    .append(line.replaceAll("[\"\\\\\\]]", "\\\\$0"))
                    .append('"');
        }
    }

    /** The whole element. */
    String text() {
        return text + "]";
    }
}
