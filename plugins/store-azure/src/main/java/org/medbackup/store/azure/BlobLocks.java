package org.medbackup.store.azure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;

/**
 * How the retention of a version of a blob is written ("version-level immutability" of Microsoft's documents): a mode and a
 * time, in headers of the request that makes it, of one that changes it, and of the answer that tells it.
 *
 * @param locks whether the location asks for locks
 */
record BlobLocks(boolean locks) {

    private static final String UNTIL = "x-ms-immutability-policy-until-date";
    private static final String MODE = "x-ms-immutability-policy-mode";
    private static final String HOLD = "x-ms-legal-hold";
    private static final String LOCKED = "Locked";
    /** A lock that ends sooner is as good as none, whatever the two clocks say. */
    private static final long SHORTEST_SECONDS = 60;

    /** Whether an object is to be made with a lock. A copy of what was locked once may ask for a lock that has ended. */
    boolean locks(Keeping keeping, Instant now) {
        return locks && keeping.until().isAfter(now.plusSeconds(SHORTEST_SECONDS));
    }

    /** Adds a lock until a time, in whole seconds, to a request. */
    static Ask lock(Ask ask, Instant until) {
        Instant down = until.truncatedTo(ChronoUnit.SECONDS);
        return ask.header(UNTIL, Wire.DATE.format(down.equals(until) ? down : down.plusSeconds(1)))
                .header(MODE, LOCKED);
    }

    /** When the lock of a version ends, {@link Instant#EPOCH} where it has none, or one that can be taken away. */
    static Instant until(Answer head) {
        return isLocked(head) ? retention(head) : Instant.EPOCH;
    }

    /** When a retention ends that can be taken away, {@link Instant#EPOCH} where a version has none such. */
    static Instant loose(Answer head) {
        return isLocked(head) ? Instant.EPOCH : retention(head);
    }

    private static boolean isLocked(Answer head) {
        return head.header(UNTIL).isPresent()
                && head.header(MODE).orElseThrow(BlobLocks::unreadable).equalsIgnoreCase(LOCKED);
    }

    private static Instant retention(Answer head) {
        try {
            return head.header(UNTIL)
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                    .orElse(Instant.EPOCH);
        } catch (DateTimeException noDate) {
            throw unreadable();
        }
    }

    /** Whether a version cannot be deleted now. */
    static boolean protects(Answer head) {
        return retention(head).isAfter(head.received())
                || head.header(HOLD).filter("true"::equalsIgnoreCase).isPresent();
    }

    private static BackupException unreadable() {
        return ErrorCode.STORE_UNAVAILABLE.because("cannot look up the lock: the answer says no time or no mode");
    }
}
