package org.medbackup.recovery;

import java.time.Duration;

/**
 * What a restore costs on one machine, from one repository to one file system.
 *
 * @param start what every restore takes before its first byte
 * @param perByte seconds that one byte of a file takes: fetched, opened, written
 * @param perFile seconds that one file takes beside its bytes
 * @param spread by what share two measurements of it differed; 0.1 is a tenth
 */
public record RestoreRates(Duration start, double perByte, double perFile, double spread) {

    public RestoreRates {
        if (start.isNegative() || !(perByte >= 0) || !(perFile >= 0) || !(spread >= 0)) {
            throw new IllegalArgumentException("rates are not negative");
        }
    }
}
