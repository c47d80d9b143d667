package org.medbackup.audit.export;

import org.medbackup.core.PlainText;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** Text that others chose, such that it ends neither a line nor a field of any format. */
final class Clean {

    private static final int PRINTABLE_FIRST = 0x20;
    private static final int PRINTABLE_LAST = 0x7e;

    private Clean() {}

    /** One line of characters that XML and FHIR allow, without space at its ends. */
    static String text(String text) {
        // XML 1.0, 2.2 excludes these two.
        return PlainText.oneLine(text)
                .replace('\ufffe', '\ufffd')
                .replace('\uffff', '\ufffd')
                .strip();
    }

    /**
     * Canonical JSON (RFC 8785) but in ASCII alone: whatever else ends a line for a reader, or turns one, stands there as an
     * escape.
     */
    static String canonical(JsonValue value) {
        return ascii(Json.canonical(value));
    }

    private static String ascii(String json) {
        if (json.chars().allMatch(Clean::isPrintable)) {
            return json;
        }
        var text = new StringBuilder(json.length() + 64);
        // Outside of strings JSON is ASCII, so that each of these is in one.
        for (int i = 0; i < json.length(); i++) {
            char each = json.charAt(i);
            if (isPrintable(each)) {
                text.append(each);
            } else {
                text.append("\\u").append(String.format("%04x", (int) each));
            }
        }
        return text.toString();
    }

    private static boolean isPrintable(int unit) {
        return unit >= PRINTABLE_FIRST && unit <= PRINTABLE_LAST;
    }
}
