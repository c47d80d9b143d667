package org.medbackup.recovery.plan;

import java.time.Duration;

/**
 * What a recovery has to achieve for an application (NIST SP 800-34 Rev. 1, 3.2; the work recovery time is the usual companion of
 * these and not one of them).
 *
 * @param mtd maximum tolerable downtime: after it the house is harmed; zero where nobody says it
 * @param rto recovery time objective: until then the application is there again and has been checked
 * @param rpo recovery point objective: so much of the newest data may be lost
 * @param wrt work recovery time: what people need after that until all is as it was, such as to enter what was on paper
 */
public record Objectives(Duration mtd, Duration rto, Duration rpo, Duration wrt) {

    public Objectives {
        if (mtd.isNegative() || !rto.isPositive() || rpo.isNegative() || wrt.isNegative()) {
            throw new IllegalArgumentException("objectives are spans, and that of recovery is above zero");
        }
    }

    /** Whether the work is done again before the house is harmed; nobody can tell where no such time is named. */
    public boolean isTolerable() {
        return mtd.isZero() || rto.plus(wrt).compareTo(mtd) <= 0;
    }
}
