package org.medbackup.service.compliance;

import java.time.Instant;
import org.medbackup.audit.report.Basis;
import org.medbackup.audit.report.Statements;

/**
 * What collectors know beside the entries.
 *
 * @param basis on which the report stands
 * @param survey what was configured; without anything where there is none
 * @param statements of the site
 * @param integrity what a verification of the whole trail found
 */
public record Scope(Basis basis, Survey survey, Statements statements, Integrity integrity) {

    /**
     * What is known of the trail itself.
     *
     * @param findings how many a verification has
     * @param earlier size of the trail in the report before; negative where there is none
     * @param consistent whether this trail begins with that one
     */
    public record Integrity(long findings, long earlier, boolean consistent) {}

    /** Whether it is on record what was configured. */
    boolean isSurveyed() {
        return basis.survey() >= 0;
    }

    /** Whether the site's statements are on record. */
    boolean isStated() {
        return basis.stated() >= 0;
    }

    /** The end of the period, or of what is known of it. */
    Instant end() {
        return basis.end();
    }
}
