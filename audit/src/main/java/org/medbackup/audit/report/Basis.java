package org.medbackup.audit.report;

import java.time.Instant;
import org.medbackup.audit.merkle.TreeHead;

/**
 * On what a report stands: nothing but this and the entries decides what it says, so that it can be made again.
 *
 * @param period that it is about
 * @param head of the trail as the report sees it
 * @param time of the head's last entry
 * @param key public key of the trail
 * @param entries how many entries of the trail belong to the period
 * @param survey number of the entry that ends the description of what was configured; negative where there is none
 * @param surveyed when that was
 * @param stated number of the entry with the digest of the site's statements; negative where there is none
 * @param generator name and version of the program
 */
public record Basis(
        Period period,
        TreeHead head,
        Instant time,
        String key,
        long entries,
        long survey,
        Instant surveyed,
        long stated,
        String generator) {

    /** The end of the period, or of what is known of it. */
    public Instant end() {
        return time.isBefore(period.to()) ? time : period.to();
    }
}
