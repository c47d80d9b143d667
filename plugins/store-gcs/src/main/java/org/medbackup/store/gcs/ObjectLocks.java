package org.medbackup.store.gcs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.store.gcs.GcsLocation.Lock;

/**
 * How the retention of an object is written ("Object Retention Lock" of Google's documents): a mode and a time, in the metadata
 * with which the object is made, or in a change of them.
 *
 * @param lock what the location asks for
 */
record ObjectLocks(Lock lock) {

    /** A lock that ends sooner is as good as none, whatever the two clocks say. */
    private static final long SHORTEST_SECONDS = 60;

    private static final String LOCKED = "Locked";

    /** Whether an object is to be made with a retention. A copy of what was locked once may ask for a lock that has ended. */
    boolean locks(Keeping keeping, Instant now) {
        return lock != Lock.NONE && keeping.until().isAfter(now.plusSeconds(SHORTEST_SECONDS));
    }

    /** The retention until a time, in whole seconds. */
    Map<String, Object> retention(Instant until) {
        Instant down = until.truncatedTo(ChronoUnit.SECONDS);
        var retention = new LinkedHashMap<String, Object>();
        retention.put("mode", lock == Lock.COMPLIANCE ? LOCKED : "Unlocked");
        retention.put("retainUntilTime", (down.equals(until) ? down : down.plusSeconds(1)).toString());
        return retention;
    }

    /**
     * When the retention of an object ends, {@link Instant#EPOCH} where it has none, or one that can be taken away where the
     * location asks for one that cannot.
     *
     * @param object its metadata
     */
    Instant until(JsonValue.Members object) {
        if (object.find("retention").isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            JsonValue.Members retention = object.members("retention");
            boolean counts = lock == Lock.GOVERNANCE || retention.text("mode").equals(LOCKED);
            return counts ? Instant.parse(retention.text("retainUntilTime")) : Instant.EPOCH;
        } catch (JsonException | java.time.format.DateTimeParseException unreadable) {
            throw ErrorCode.STORE_UNAVAILABLE.because("cannot look up the lock: the answer says no time");
        }
    }
}
