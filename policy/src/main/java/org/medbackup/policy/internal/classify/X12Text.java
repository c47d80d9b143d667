package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Interchanges of ASC X12: an ISA segment has places of fixed width (X12.5). */
final class X12Text {

    /** Where the separator stands between the elements of ISA. */
    private static final int[] SEPARATORS = {3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103};

    private static final int SEGMENT = 106;

    /** Acknowledgements, and trade that has nothing to do with patients. */
    private static final Set<String> WITHOUT_PATIENT =
            Set.of("810", "812", "820", "832", "846", "850", "852", "855", "856", "860", "864", "867", "997", "999");

    private X12Text() {}

    /** Where it begins; -1 where this is none. */
    static int start(byte[] text) {
        int at = 0;
        while (at < text.length && at < 64 && text[at] <= ' ' && text[at] >= 0) {
            at++;
        }
        if (!Head.has(text, at, "ISA") || at + 21 > text.length) {
            return -1;
        }
        byte separator = text[at + 3];
        if (separator <= ' ' || Character.isLetterOrDigit(separator)) {
            return -1;
        }
        for (int each : SEPARATORS) {
            if (at + each < text.length && text[at + each] != separator) {
                return -1;
            }
        }
        return at;
    }

    /** Whether it is about patients or members; what does not tell is. */
    static boolean isHealth(byte[] text, int start) {
        if (start + SEGMENT >= text.length) {
            return true;
        }
        char separator = (char) text[start + 3];
        char end = (char) text[start + 105];
        int at = start + SEGMENT - 1;
        boolean any = false;
        while (true) {
            at = Head.find(text, at, text.length, "ST" + separator);
            if (at < 0) {
                return !any && !isAcknowledgement(text, start, separator);
            }
            if (isBeginning(text, at, end)) {
                any = true;
                String set = new String(text, at + 3, Math.min(3, text.length - at - 3), StandardCharsets.US_ASCII);
                if (!WITHOUT_PATIENT.contains(set)) {
                    return true;
                }
            }
            at += 3;
        }
    }

    private static boolean isBeginning(byte[] text, int at, char end) {
        int before = at - 1;
        while (before > 0 && (text[before] == '\r' || text[before] == '\n')) {
            before--;
        }
        return text[before] == end || before != at - 1;
    }

    /** TA1 alone acknowledges an interchange. */
    private static boolean isAcknowledgement(byte[] text, int start, char separator) {
        return Head.find(text, start + SEGMENT - 1, Math.min(text.length, start + SEGMENT + 4), "TA1" + separator) >= 0;
    }
}
