package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Objects of DICOM, PS3.10 with its preamble or only a data set, as older systems wrote them (PS3.5, 7.1). */
final class DicomObject {

    private static final int PREAMBLE = 128;

    /** Value representations with a length of four bytes after two that are reserved (PS3.5, table 7.1-1). */
    private static final Set<String> LONG =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private static final Set<String> SHORT = Set.of(
            "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM",
            "UI", "UL", "US");

    private static final int MOST_ELEMENTS = 200;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int IDENTITY_REMOVED = 0x00120062;
    private static final int BORN = 0x00100030;

    private final Head head;

    private DicomObject(Head head) {
        this.head = head;
    }

    static boolean is(Head head) {
        if (head.has(PREAMBLE, "DICM")) {
            return true;
        }
        int group = head.two(0);
        int element = head.two(2);
        if (group == 2 && element <= 0x10 || group == 8 && element <= 0x70) {
            // Two elements that follow each other in order: chance does not look like that.
            long next = new DicomObject(head).after(0);
            return next > 0 && next + 4 <= head.length() && follows(head, group, element, (int) next);
        }
        return isBigEndian(head);
    }

    /** The highest byte first, as old systems of measurement wrote it: twice the same group with a representation. */
    private static boolean isBigEndian(Head head) {
        if (!head.has(0, 0, 8, 0) || !SHORT.contains(representation(head, 0))) {
            return false;
        }
        int next = 8 + (head.unsigned(6) << 8 | head.unsigned(7));
        return head.has(next, 0, 8, 0) && SHORT.contains(representation(head, next));
    }

    private static String representation(Head head, int at) {
        return "" + (char) head.unsigned(at + 4) + (char) head.unsigned(at + 5);
    }

    private static boolean follows(Head head, int group, int element, int next) {
        int nextGroup = head.two(next);
        return nextGroup == group && head.two(next + 2) > element || nextGroup == 8 && group == 2;
    }

    /** Whether it says that the patient's identity was removed. */
    static boolean isWithoutIdentity(Head head) {
        return value(head, IDENTITY_REMOVED).equals("YES");
    }

    /** Whether the patient was under age at a date, as far as it says when he was born. */
    static boolean isMinorIn(Head head, LocalDate written) {
        List<LocalDate> born = new ArrayList<>();
        BirthDates.add(value(head, BORN), born);
        return born.stream().anyMatch(each -> BirthDates.isMinor(each, written));
    }

    /** The short text of an element; empty where it is not among the first ones. */
    private static String value(Head head, int wanted) {
        var object = new DicomObject(head);
        long at = head.has(PREAMBLE, "DICM") ? PREAMBLE + 4 : 0;
        for (int i = 0; i < MOST_ELEMENTS && at >= 0 && at + 8 <= head.length(); i++) {
            int tag = head.two((int) at) << 16 | head.two((int) at + 2);
            long next = object.after((int) at);
            if (tag == wanted && next > 0 && next <= head.length()) {
                return new String(head.raw(), (int) at + 8, (int) next - (int) at - 8, StandardCharsets.US_ASCII)
                        .strip();
            }
            at = next;
        }
        return "";
    }

    /** Where the next element begins; -1 where this is none, or one whose end is not known. */
    private long after(int at) {
        String representation = representation(head, at);
        if (SHORT.contains(representation)) {
            int length = head.two(at + 6);
            return length < 0 ? -1 : at + 8L + length;
        }
        if (LONG.contains(representation)) {
            long length = head.four(at + 8);
            return length < 0 || length == UNDEFINED ? -1 : at + 12L + length;
        }
        long implicit = head.four(at + 4);
        return implicit < 0 || implicit > 1 << 16 ? -1 : at + 8L + implicit;
    }
}
