package org.medbackup.core.spi.access;

import org.medbackup.core.error.ErrorCode;

/**
 * Asked before what protects restore points is given up: every deletion of a restore point, release of a hold and change of keys
 * comes by here. Safe for use by several threads.
 */
@FunctionalInterface
public interface Guard {

    /**
     * Lets an act happen, once, or does not.
     *
     * @param records of the repository that it is done to
     * @throws org.medbackup.core.error.RefusedException where it may not; nothing was done
     */
    void permit(ProtectedAct act, AccessRecords records);

    /** Knows no rules: lets everything happen at a repository that has none, and nothing at one that has. */
    static Guard none() {
        return (act, records) -> {
            if (!records.rules().isEmpty()) {
                throw ErrorCode.ACCESS_RULES_UNKNOWN.because(
                        "the repository has rules, and this program does not know them");
            }
        };
    }
}
