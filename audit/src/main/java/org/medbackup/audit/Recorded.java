package org.medbackup.audit;

import java.time.Instant;
import org.medbackup.core.event.BackupEvent;

/** What becomes an entry. */
sealed interface Recorded {

    /** What happens now. */
    record Event(BackupEvent event) implements Recorded {}

    /**
     * What happened while the trail could not be written.
     *
     * @param record as {@link Records#waiting} made it
     * @param spool in which it waited
     * @param number its place there
     */
    record Late(String record, String spool, long number) implements Recorded {}

    /**
     * A spool is taken up: its entries follow.
     *
     * @param waited how many records are in it
     * @param lost bytes at its end that are none
     */
    record TakenUp(Instant time, String operation, String spool, long waited, long lost) implements Recorded {}
}
