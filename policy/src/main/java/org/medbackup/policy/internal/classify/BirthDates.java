package org.medbackup.policy.internal.classify;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.policy.DataKind;

/**
 * Dates of birth where the structure of a format has them: HL7 version 2 PID-7, FHIR {@code Patient.birthDate}, CDA
 * {@code birthTime}, X12 DMG02, DICOM (0010,0030). What people write into a text is not looked for.
 */
final class BirthDates {

    private static final int PID_BORN = 7;
    private static final int DIGITS = 8;

    private BirthDates() {}

    /** Whether one of those whom a text is about was under age at a date. */
    static boolean isMinorIn(DataKind kind, byte[] text, LocalDate written) {
        List<LocalDate> born = new ArrayList<>();
        switch (kind) {
            case HL7V2 -> hl7(text, born);
            case FHIR -> {
                after(text, "\"birthDate\"", born);
                after(text, "<birthDate", born);
            }
            case CCDA -> after(text, "<birthTime", born);
            case X12 -> x12(text, born);
            default -> {}
        }
        return born.stream().anyMatch(each -> isMinor(each, written));
    }

    /** Under 18. A file that claims to be older than the patient is one of a child too. */
    static boolean isMinor(LocalDate born, LocalDate written) {
        return born.plusYears(18).isAfter(written);
    }

    private static void hl7(byte[] text, List<LocalDate> born) {
        int at = Head.find(text, 0, text.length, "PID");
        while (at >= 0 && at + 3 < text.length) {
            byte separator = text[at + 3];
            boolean begins = at == 0 || text[at - 1] == '\r' || text[at - 1] == '\n';
            if (begins && !Character.isLetterOrDigit(separator)) {
                add(text, field(text, at + 3, separator), born);
            }
            at = Head.find(text, at + 3, text.length, "PID");
        }
    }

    /** Where the field of the date of birth begins, in this segment. */
    private static int field(byte[] text, int first, byte separator) {
        int at = first;
        for (int field = 1; field < PID_BORN; field++) {
            at++;
            while (at < text.length && text[at] != separator && text[at] != '\r' && text[at] != '\n') {
                at++;
            }
            if (at >= text.length || text[at] != separator) {
                return text.length;
            }
        }
        return at + 1;
    }

    private static void x12(byte[] text, List<LocalDate> born) {
        int at = Head.find(text, 0, text.length, "DMG");
        while (at >= 0) {
            if (at + 7 < text.length && text[at + 4] == 'D' && text[at + 5] == '8' && text[at + 3] == text[at + 6]) {
                add(text, at + 7, born);
            }
            at = Head.find(text, at + 3, text.length, "DMG");
        }
    }

    /** The first date in quotes after a name. */
    private static void after(byte[] text, String name, List<LocalDate> born) {
        int at = Head.find(text, 0, text.length, name);
        while (at >= 0) {
            int from = at + name.length();
            int end = Math.min(text.length, from + 40);
            while (from < end && text[from] != '"' && text[from] != '\'') {
                from++;
            }
            add(text, from + 1, born);
            at = Head.find(text, at + name.length(), text.length, name);
        }
    }

    /** A date at a place, with or without hyphens; where there is none, nothing. */
    private static void add(byte[] text, int from, List<LocalDate> born) {
        var digits = new StringBuilder(DIGITS);
        for (int at = from; at >= 0 && at < text.length && digits.length() < DIGITS; at++) {
            if (text[at] >= '0' && text[at] <= '9') {
                digits.append((char) text[at]);
            } else if (text[at] != '-') {
                break;
            }
        }
        add(digits.toString(), born);
    }

    /** A date of eight digits. */
    static void add(String digits, List<LocalDate> born) {
        if (digits.length() != DIGITS) {
            return;
        }
        try {
            born.add(LocalDate.of(
                    Integer.parseInt(digits.substring(0, 4)),
                    Integer.parseInt(digits.substring(4, 6)),
                    Integer.parseInt(digits.substring(6))));
        } catch (DateTimeException | NumberFormatException none) {
            // Placeholders such as 00000000 stand where nobody knew it.
        }
    }
}
