package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Messages and batches of HL7 version 2 (chapter 2, 2.5 and 2.10.3), with or without the frame of the lower layer protocol. */
final class Hl7Text {

    /** Messages about master files and acknowledgements, which name no patient. */
    private static final Set<String> WITHOUT_PATIENT =
            Set.of("ACK", "MCF", "MFD", "MFK", "MFN", "MFQ", "MFR", "NMD", "NMQ", "NMR");

    private Hl7Text() {}

    /** Where the first segment begins; -1 where this is no such text. */
    static int start(byte[] text) {
        int at = 0;
        while (at < text.length && at < 64 && (text[at] <= ' ' && text[at] >= 0)) {
            at++;
        }
        boolean header = Head.has(text, at, "MSH") || Head.has(text, at, "FHS") || Head.has(text, at, "BHS");
        if (!header || at + 8 > text.length) {
            return -1;
        }
        int separator = text[at + 3];
        if (separator <= ' ' || Character.isLetterOrDigit(separator)) {
            return -1;
        }
        int end = at + 4;
        while (end < text.length && end < at + 10 && text[end] != separator) {
            int encoding = text[end];
            if (encoding <= ' ' || Character.isLetterOrDigit(encoding)) {
                return -1;
            }
            end++;
        }
        int count = end - at - 4;
        return count >= 2 && count <= 5 && end < text.length && text[end] == separator ? at : -1;
    }

    /** Whether it is about a patient, as far as its beginning tells; what does not tell is. */
    static boolean isAboutPatient(byte[] text, int start) {
        char separator = (char) text[start + 3];
        if (Head.find(text, start, text.length, "PID" + separator) >= 0) {
            return true;
        }
        int header = Head.find(text, start, text.length, "MSH" + separator);
        if (header < 0) {
            return true;
        }
        int at = header + 3;
        // MSH-1 is the separator itself, so that the type is after the eighth one.
        for (int field = 1; field < 9; field++) {
            if (at >= text.length) {
                return true;
            }
            int next = at + 1;
            while (next < text.length && text[next] != separator && text[next] != '\r' && text[next] != '\n') {
                next++;
            }
            if (field == 8 && at + 1 < text.length) {
                String type = new String(text, at + 1, Math.clamp(next - at - 1, 0, 3), StandardCharsets.US_ASCII);
                return !WITHOUT_PATIENT.contains(type);
            }
            at = next;
        }
        return true;
    }
}
