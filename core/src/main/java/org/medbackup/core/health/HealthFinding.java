package org.medbackup.core.health;

import org.medbackup.core.error.ErrorCode;

/**
 * Something about the program itself that a person should know of.
 *
 * @param code which failure it is; its remedy says what to do
 * @param detail one sentence without names of files, secrets and patient data
 * @param blocking whether no work can be done until it is mended
 */
public record HealthFinding(ErrorCode code, String detail, boolean blocking) {

    public HealthFinding {
        if (detail.isBlank()) {
            throw new IllegalArgumentException("a finding says what was found");
        }
    }
}
