package org.medbackup.service.compliance;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;

/** How entries of the trail are read. */
final class Trail {

    private Trail() {}

    static boolean started(AuditEntry entry, String action) {
        return entry.event().equals("started") && action.equals(entry.action());
    }

    static boolean ended(AuditEntry entry, String action) {
        return entry.event().equals("ended") && action.equals(entry.action());
    }

    static boolean ended(AuditEntry entry) {
        return entry.event().equals("ended");
    }

    static boolean succeeded(AuditEntry entry) {
        return "SUCCESS".equals(entry.outcome());
    }

    /** A fact that is a number; 0 where it is none. */
    static long whole(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** A fact that is a number; 0 where it is none. */
    static double decimal(@Nullable String text) {
        try {
            return text == null ? 0 : Double.parseDouble(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** Whether what holds until a day holds at a moment, as reports write it. */
    static String holds(LocalDate until, Instant at) {
        return until.isBefore(at.atZone(ZoneOffset.UTC).toLocalDate()) ? "EXPIRED" : "holds";
    }

    /** As reports write lengths of time: hours, one digit behind the point. */
    static String hours(Duration time) {
        return hours(time.toMillis() / 1000.0);
    }

    /** The same of seconds. */
    static String hours(double seconds) {
        return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }

    /** As reports write a part of a whole. */
    static String percent(long part, long whole) {
        return whole == 0 ? "0 of 0" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
