package org.medbackup.audit.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.medbackup.core.error.ErrorCode;

/**
 * The time that a report is about.
 *
 * @param from its first moment
 * @param to the first moment after it
 */
public record Period(Instant from, Instant to) {

    public Period {
        if (!from.isBefore(to)) {
            throw ErrorCode.USAGE.because("a period ends after its beginning");
        }
    }

    /**
     * Reads {@code FROM/TO}: two dates, both days of which belong to it, or two instants, the second of which does not. All
     * in UTC.
     *
     * @throws org.medbackup.core.error.UsageException where it is none
     */
    public static Period parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Period(instant(parts[0], 0), instant(parts[1], 1));
            }
        } catch (DateTimeException malformed) {
            throw ErrorCode.USAGE.because("a period is FROM/TO, such as 2026-01-01/2026-12-31", malformed);
        }
        throw ErrorCode.USAGE.because("a period is FROM/TO, such as 2026-01-01/2026-12-31");
    }

    private static Instant instant(String text, int daysMore) {
        return text.contains("T")
                ? Instant.parse(text)
                : LocalDate.parse(text)
                        .plusDays(daysMore)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant();
    }

    /** Whether a moment belongs to it. */
    public boolean contains(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(to);
    }
}
